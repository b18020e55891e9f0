// Tests of History with real SQLite files.
#include "timing/history.hpp"

#include "base/files.hpp"
#include "support/temp_folder.hpp"
#include "timing/sqlite_database.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headway {
namespace {

WorkflowTimingProfile run_of(const std::string& id, const std::vector<double>& durations) {
  WorkflowTimingProfile profile;
  profile.workflow_id = id;
  profile.workflow = "ci";
  profile.lane = "standard";
  profile.start_time = WallTime(std::chrono::seconds(1'767'225'600));
  profile.end_time = profile.start_time + std::chrono::seconds(60);
  profile.total_duration = Seconds(60);
  for (const double duration : durations) {
    StageTimingData stage;
    stage.stage_id = static_cast<int>(profile.stages.size());
    stage.stage_key = "s" + std::to_string(stage.stage_id);
    stage.stage_name = "Stage " + std::to_string(stage.stage_id);
    stage.start_time = profile.start_time + std::chrono::milliseconds(5);
    stage.end_time = profile.start_time + std::chrono::milliseconds(1500);
    stage.duration = Seconds(duration);
    stage.queue_wait = Seconds(0.125);
    stage.status = StageStatus::completed;
    stage.attempt = 2;
    stage.cpu_time = Seconds(0.5);
    stage.peak_memory_bytes = 4096;
    profile.stages.push_back(stage);
  }
  return profile;
}

TEST(History, saved_run_comes_back_whole) {
  const TempFolder dir;
  WorkflowTimingProfile saved = run_of("change-1", {1.5, 0});
  saved.metadata = {{"commit", "abc"}};
  auto history = History::open(dir / "history.db");
  ASSERT_TRUE(history.has_value()) << history.error().message;
  ASSERT_TRUE(history->save(saved).has_value());
  const auto profiles = history->profiles(10);
  ASSERT_TRUE(profiles.has_value());
  ASSERT_EQ(profiles->size(), 1U);
  const WorkflowTimingProfile& loaded = profiles->front();
  EXPECT_EQ(loaded.to_json(), saved.to_json());
}

TEST(History, facts_of_a_run_come_back_whatever_they_look_like) {
  const TempFolder dir;
  auto history = History::open(dir / "history.db");
  ASSERT_TRUE(history.has_value());
  using Facts = std::vector<std::pair<std::string, std::string>>;
  for (const Facts& facts : {Facts{{"run_id", "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071"},
                                   {"jobs", "4"},
                                   {"commit", "0123456789abcdef0123456789abcdef01234567"},
                                   {"host", "builder-3"},
                                   {"status", "COMPLETED"}},
                             Facts{{"run_id", "7"}, {"commit", "v1.0-3-gabc"}},
                             Facts{{"jobs", "04"}, {"status", "fine"}, {"ticket", ""}}}) {
    WorkflowTimingProfile saved = run_of("change", {1});
    saved.metadata = facts;
    saved.stages[0].failure = FailureKind::timeout;
    ASSERT_TRUE(history->save(saved).has_value());
    EXPECT_EQ(history->profiles(1)->front().to_json(), saved.to_json());
  }
}

TEST(History, run_that_is_in_it_already_is_not_saved_twice) {
  const TempFolder dir;
  auto history = History::open(dir / "history.db");
  for (const char* run_id : {"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071", "own id"}) {
    WorkflowTimingProfile profile = run_of(run_id, {1});
    profile.metadata = {{"run_id", run_id}};
    ASSERT_TRUE(history->save(profile).has_value());
    profile.stages[0].duration = Seconds(99);
    ASSERT_TRUE(history->save(profile).has_value());
    EXPECT_EQ(history->profiles(1)->front().stages[0].duration.count(), 1);
    EXPECT_EQ(history->profiles(1)->front().workflow_id, run_id);
  }
  EXPECT_EQ(*history->count_runs("", ""), 2);
}

TEST(History, metrics_are_by_name_newest_first_of_that_lane_alone) {
  const TempFolder dir;
  auto history = History::open(dir / "history.db");
  const auto save = [&](const std::string& id, const std::string& lane, const char* rate) {
    WorkflowTimingProfile profile = run_of(id, {1});
    profile.lane = lane;
    profile.metadata = {{"run_id", id}, {"metric.tests.pass_rate", rate}, {"jobs", "4"}};
    ASSERT_TRUE(history->save(profile).has_value());
  };
  save("a", "standard", "80");
  save("b", "docs", "1");
  save("c", "standard", "92.5");
  const auto metrics = history->metrics("ci", "standard", 10);
  ASSERT_TRUE(metrics.has_value()) << metrics.error().message;
  ASSERT_EQ(metrics->size(), 1U);
  EXPECT_EQ(metrics->front().name, "tests.pass_rate");
  EXPECT_EQ(metrics->front().values, (std::vector<double>{92.5, 80}));
  EXPECT_EQ(history->metrics("ci", "standard", 1)->front().values.size(), 1U);
  EXPECT_TRUE(history->metrics("ci", "heavy", 10)->empty());
}

TEST(History, runs_are_newest_first_of_their_lane_alone) {
  const TempFolder dir;
  auto history = History::open(dir / "history.db");
  for (int run = 0; run < 5; ++run) {
    WorkflowTimingProfile profile = run_of("r", {1});
    profile.metadata = {{"commit", run % 2 == 0 ? "ab12" : ""},
                        {"status", run % 2 == 0 ? "COMPLETED" : "FAILED"},
                        {"jobs", std::to_string(run)}};
    ASSERT_TRUE(history->save(profile).has_value());
  }
  WorkflowTimingProfile other = run_of("r", {1});
  other.lane = "docs";
  ASSERT_TRUE(history->save(other).has_value());
  const auto runs = history->runs("ci", "standard", 3);
  ASSERT_TRUE(runs.has_value()) << runs.error().message;
  ASSERT_EQ(runs->size(), 3U);
  EXPECT_EQ((*runs)[0].jobs, 4);
  EXPECT_EQ((*runs)[0].commit, "ab12");
  EXPECT_EQ((*runs)[0].status, "COMPLETED");
  EXPECT_TRUE((*runs)[0].is_complete);
  EXPECT_EQ((*runs)[0].took.count(), 60);
  EXPECT_EQ((*runs)[1].jobs, 3);
  EXPECT_FALSE((*runs)[1].is_complete);
  EXPECT_EQ((*runs)[2].jobs, 2);
  EXPECT_TRUE(history->runs("ci", "full", 3)->empty());
}

TEST(History, sample_tells_attempt_failure_and_start) {
  const TempFolder dir;
  auto history = History::open(dir / "history.db");
  WorkflowTimingProfile profile = run_of("r", {1});
  profile.stages[0].failure = FailureKind::exception;  // the kind with the greatest number
  ASSERT_TRUE(history->save(profile).has_value());
  const StageSample sample = history->samples("ci", "standard", 1)->front().second.front();
  EXPECT_EQ(sample.attempt, 2);
  EXPECT_EQ(sample.failure, FailureKind::exception);
  EXPECT_EQ(sample.started.count(), 0.005);
}

TEST(History, counting_stops_at_its_limit) {
  const TempFolder dir;
  auto history = History::open(dir / "history.db");
  for (int run = 0; run < 4; ++run) {
    ASSERT_TRUE(history->save(run_of("r", {1})).has_value());
  }
  EXPECT_EQ(*history->count_runs("ci", "standard", 3), 3);
  EXPECT_EQ(*history->count_runs("ci", "standard"), 4);
}

TEST(History, stages_come_back_in_their_own_order_not_that_of_their_keys) {
  const TempFolder dir;
  WorkflowTimingProfile saved = run_of("r", {1, 2, 3});
  saved.stages[0].stage_key = "zebra";
  saved.stages[1].stage_key = "ant";
  saved.stages[2].stage_key = "mole";
  auto history = History::open(dir / "history.db");
  ASSERT_TRUE(history.has_value());
  ASSERT_TRUE(history->save(saved).has_value());
  const auto profiles = history->profiles(1);
  ASSERT_TRUE(profiles.has_value());
  std::vector<std::string> keys;
  for (const StageTimingData& stage : profiles->front().stages) {
    keys.push_back(stage.stage_key);
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"zebra", "ant", "mole"}));
}

TEST(History, samples_are_newest_first_and_limited) {
  const TempFolder dir;
  auto history = History::open(dir / "history.db");
  ASSERT_TRUE(history.has_value());
  for (const double seconds : {1.0, 2.0, 3.0}) {
    ASSERT_TRUE(history->save(run_of("r", {seconds, seconds * 10})).has_value());
  }
  const auto samples = history->samples("ci", "standard", 2);
  ASSERT_TRUE(samples.has_value());
  ASSERT_EQ(samples->size(), 2U);
  EXPECT_EQ((*samples)[0].first, "s0");
  ASSERT_EQ((*samples)[0].second.size(), 2U);
  EXPECT_EQ((*samples)[0].second[0].duration.count(), 3);
  EXPECT_EQ((*samples)[0].second[1].duration.count(), 2);
  EXPECT_GT((*samples)[0].second[0].run, (*samples)[0].second[1].run);
  EXPECT_TRUE(history->samples("ci", "docs", 2)->empty());
  EXPECT_EQ(history->samples_of_number(1, "standard", 9)->size(), 3U);
}

TEST(History, newest_complete_run_is_the_newest_that_went_well) {
  const TempFolder dir;
  auto history = History::open(dir / "history.db");
  ASSERT_TRUE(history.has_value());
  EXPECT_TRUE(history->newest_complete_run("ci", "standard")->stages.empty());
  ASSERT_TRUE(history->save(run_of("good", {1})).has_value());
  WorkflowTimingProfile failed = run_of("failed", {1});
  failed.stages[0].status = StageStatus::failed;
  ASSERT_TRUE(history->save(failed).has_value());
  EXPECT_EQ(history->newest_complete_run("ci", "standard")->workflow_id, "good");
  failed.workflow_id = "allowed";
  failed.metadata = {{"status", "COMPLETED"}};
  ASSERT_TRUE(history->save(failed).has_value());
  EXPECT_EQ(history->newest_complete_run("ci", "standard")->workflow_id, "allowed");
  EXPECT_EQ(*history->count_runs("", ""), 3);
  EXPECT_EQ(*history->count_runs("other", ""), 0);
}

TEST(History, run_with_all_its_stages_is_better_than_a_newer_one_that_left_some_out) {
  const TempFolder dir;
  auto history = History::open(dir / "history.db");
  WorkflowTimingProfile shorter = run_of("shorter", {1});
  shorter.metadata = {{"status", "COMPLETED"}, {std::string(kUpToDateFact), "1"}};
  ASSERT_TRUE(history->save(shorter).has_value());
  EXPECT_EQ(history->newest_complete_run("ci", "standard")->workflow_id, "shorter");
  ASSERT_TRUE(history->save(run_of("whole", {1, 2})).has_value());
  ASSERT_TRUE(history->save(shorter).has_value());
  EXPECT_EQ(history->newest_complete_run("ci", "standard")->workflow_id, "whole");
  EXPECT_FALSE(is_whole_run(shorter));
}

TEST(History, absent_file_is_not_found_when_only_read) {
  const TempFolder dir;
  const auto history = History::open_read_only(dir / "history.db");
  ASSERT_FALSE(history.has_value());
  EXPECT_EQ(history.error().code, ErrorCode::not_found);
  EXPECT_FALSE(path_exists(dir / "history.db"));
}

TEST(History, damaged_file_is_named_and_left_as_it_is) {
  const TempFolder dir;
  const std::string path = dir / "history.db";
  const std::string damage(8192, 'x');
  ASSERT_TRUE(write_file_atomically(path, damage, Durability::process).has_value());
  for (const auto& opened : {History::open(path), History::open_read_only(path)}) {
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, ErrorCode::parse);
    EXPECT_NE(opened.error().message.find(path), std::string::npos);
  }
  EXPECT_EQ(*read_file(path), damage);
}

TEST(History, file_of_a_newer_headway_is_unsupported_and_left_as_it_is) {
  const TempFolder dir;
  const std::string path = dir / "history.db";
  ASSERT_TRUE(History::open(path).has_value());
  {
    auto database = SqliteDatabase::open(path, SqliteDatabase::Mode::read_write);
    ASSERT_TRUE(database.has_value());
    ASSERT_TRUE(database->text("PRAGMA journal_mode=DELETE").has_value());
    ASSERT_TRUE(database->execute("PRAGMA user_version=99").has_value());
  }
  const std::string before = *read_file(path);
  for (const auto& opened : {History::open(path), History::open_read_only(path)}) {
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
    EXPECT_NE(opened.error().message.find("99"), std::string::npos);
  }
  EXPECT_EQ(*read_file(path), before);
}

TEST(History, database_of_somebody_else_is_not_touched) {
  const TempFolder dir;
  const std::string path = dir / "other.db";
  {
    auto database = SqliteDatabase::open(path, SqliteDatabase::Mode::create);
    ASSERT_TRUE(database->execute("CREATE TABLE theirs(a)").has_value());
  }
  const std::string before = *read_file(path);
  const auto opened = History::open(path);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
  EXPECT_EQ(*read_file(path), before);
}

TEST(History, folder_that_is_not_there_is_an_io_error) {
  const TempFolder dir;
  const auto opened = History::open(dir / "no/history.db");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::io);
}

TEST(History, processes_that_create_and_save_at_once_lose_nothing) {
  const TempFolder dir;
  const std::string path = dir / "history.db";
  constexpr int kProcesses = 8;
  constexpr int kRuns = 10;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      int failed = 0;
      for (int run = 0; run < kRuns; ++run) {
        auto history = History::open(path);
        failed += history && history->save(run_of(std::to_string(process), {1, 2, 3})) ? 0 : 1;
      }
      _exit(failed);
    }
  }
  for (int process = 0; process < kProcesses; ++process) {
    int status = 0;
    ASSERT_GT(wait(&status), 0);
    EXPECT_EQ(status, 0);
  }
  auto history = History::open_read_only(path);
  ASSERT_TRUE(history.has_value());
  EXPECT_EQ(*history->count_runs("ci", "standard"), kProcesses * kRuns);
  const auto samples = history->samples("ci", "standard", 1000);
  ASSERT_EQ(samples->size(), 3U);
  EXPECT_EQ((*samples)[0].second.size(), static_cast<std::size_t>(kProcesses * kRuns));
}

TEST(History, write_ahead_log_stays_bounded_when_every_run_opens_the_file_anew) {
  const TempFolder dir;
  const std::vector<double> stages(2000, 1.0);
  for (int run = 0; run < 25; ++run) {
    auto history = History::open(dir / "history.db");
    ASSERT_TRUE(history.has_value());
    ASSERT_TRUE(history->save(run_of("r", stages)).has_value());
  }
  auto wal = read_file(dir / "history.db-wal");
  EXPECT_LT(wal ? wal->size() : 0, 20U << 20);
  EXPECT_EQ(*History::open_read_only(dir / "history.db")->count_runs("", ""), 25);
}

TEST(History, shortened_write_ahead_log_is_empty_and_nothing_is_lost) {
  const TempFolder dir;
  const std::string path = dir / "history.db";
  ASSERT_TRUE(History::open(path)->save(run_of("r", std::vector<double>(2000, 1.0))).has_value());
  auto before = read_file(path + "-wal");
  ASSERT_TRUE(before && before->size() > static_cast<std::size_t>(kShortWalBytes));
  shorten_wal(path);
  auto after = read_file(path + "-wal");
  EXPECT_EQ(after ? after->size() : 0, 0U);
  EXPECT_EQ(*History::open_read_only(path)->count_runs("", ""), 1);
}

TEST(History, short_write_ahead_log_is_left_alone) {
  const TempFolder dir;
  const std::string path = dir / "history.db";
  ASSERT_TRUE(History::open(path)->save(run_of("r", {1.0})).has_value());
  auto before = read_file(path + "-wal");
  ASSERT_TRUE(before.has_value());
  shorten_wal(path);
  auto after = read_file(path + "-wal");
  EXPECT_EQ(after ? *after : "", *before);
  shorten_wal(dir / "absent.db");
  EXPECT_FALSE(read_file(dir / "absent.db").has_value());
}

TEST(History, reader_and_writer_do_not_disturb_each_other) {
  const TempFolder dir;
  auto writer = History::open(dir / "history.db");
  ASSERT_TRUE(writer.has_value());
  ASSERT_TRUE(writer->save(run_of("1", {1})).has_value());
  auto reader = History::open_read_only(dir / "history.db");
  ASSERT_TRUE(reader.has_value());
  ASSERT_TRUE(writer->save(run_of("2", {1})).has_value());
  EXPECT_EQ(*reader->count_runs("", ""), 2);
}

}  // namespace
}  // namespace headway
