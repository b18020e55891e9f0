// A damaged history is set aside and made anew from the records of the runs.
#include "timing/history_rebuild.hpp"

#include "base/files.hpp"
#include "support/recorded_run.hpp"
#include "support/temp_folder.hpp"
#include "timing/timing_observer.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

namespace headway {
namespace {

using namespace std::chrono_literals;

const std::string kFirst = "019aabcd-0000-7000-8000-00000000aaaa";
const std::string kSecond = "019aabcd-0001-7000-8000-00000001bbbb";
const std::string kThird = "019aabcd-0002-7000-8000-00000002cccc";

RunScript run_of(const std::string& id, Nanos took) {
  RunScript script(id);
  script.start_run({planned("build", 0), planned("test", 1, {0})});
  script.at(1s).start(0).at(1s + took).complete(0, took).start(1);
  return script.at(2s + took).complete(1, 1s);
}

RunScript ended_run(const std::string& id, Nanos took) {
  return run_of(id, took).finish_run(RunStatus::completed, 0);
}

class HistoryRebuild : public ::testing::Test {
 protected:
  void record(const RunScript& script) { recorded_run(state, script); }
  void damage(std::string_view bytes) {
    ASSERT_TRUE(write_file_atomically(state.history(), bytes, Durability::process).has_value());
  }
  // The durations of stage "build", newest first, or the error.
  Result<std::vector<double>> read() {
    std::vector<double> found;
    const auto result = read_history(state, notice, [&](const History& history) {
      found.clear();
      auto samples = history.samples("demo", "standard", 100);
      if (!samples) {
        return Result<void>(samples.error());
      }
      for (const auto& [key, of_stage] : *samples) {
        for (const StageSample& sample : of_stage) {
          if (key == "build") {
            found.push_back(sample.duration.count());
          }
        }
      }
      return Result<void>();
    });
    return result ? Result<std::vector<double>>(found) : result.error();
  }
  std::vector<std::string> set_aside() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder / ".headway")) {
      if (entry.path().filename().string().find(".damaged-") != std::string::npos) {
        found.push_back(entry.path().string());
      }
    }
    return found;
  }

  TempFolder folder;
  StateFolder state{folder / ".headway"};
  std::string notice;
};

using Durations = std::vector<double>;

TEST_F(HistoryRebuild, sound_history_is_read_and_left_alone) {
  record(ended_run(kFirst, 4s));
  ASSERT_TRUE(*add_recorded_run(RunFolder{state.run(kFirst)}, state.history()));
  EXPECT_EQ(*read(), (Durations{4}));
  EXPECT_EQ(notice, "");
  EXPECT_TRUE(set_aside().empty());
}

TEST_F(HistoryRebuild, no_history_is_not_found_and_none_is_made) {
  record(ended_run(kFirst, 4s));
  EXPECT_EQ(read().error().code, ErrorCode::not_found);
  EXPECT_FALSE(path_exists(state.history()));
}

TEST_F(HistoryRebuild, damaged_history_is_kept_and_made_anew_in_the_order_of_the_runs) {
  record(ended_run(kSecond, 5s));
  record(ended_run(kFirst, 4s));
  const std::string garbage(8192, 'x');
  damage(garbage);
  EXPECT_EQ(*read(), (Durations{5, 4}));
  ASSERT_EQ(set_aside().size(), 1U);
  EXPECT_EQ(*read_file(set_aside()[0]), garbage);
  EXPECT_NE(notice.find(set_aside()[0]), std::string::npos) << notice;
  EXPECT_NE(notice.find("2 recorded runs"), std::string::npos) << notice;
  notice.clear();
  EXPECT_EQ(*read(), (Durations{5, 4}));
  EXPECT_EQ(notice, "");
}

TEST_F(HistoryRebuild, damage_deep_inside_is_found_when_it_is_read) {
  record(ended_run(kFirst, 4s));
  ASSERT_TRUE(*add_recorded_run(RunFolder{state.run(kFirst)}, state.history()));
  ASSERT_TRUE(close_journal(state.history()));
  std::string bytes = *read_file(state.history());
  std::fill(bytes.begin() + 4096, bytes.end(), '\xff');  // all but the first page
  damage(bytes);
  EXPECT_EQ(*read(), (Durations{4}));
  EXPECT_EQ(set_aside().size(), 1U);
}

TEST_F(HistoryRebuild, file_that_was_cut_off_is_damaged) {
  record(ended_run(kFirst, 4s));
  ASSERT_TRUE(*add_recorded_run(RunFolder{state.run(kFirst)}, state.history()));
  ASSERT_TRUE(close_journal(state.history()));
  damage(read_file(state.history())->substr(0, 3 * 4096));
  EXPECT_EQ(*read(), (Durations{4}));
}

TEST_F(HistoryRebuild, history_of_something_else_is_never_touched) {
  record(ended_run(kFirst, 4s));
  ASSERT_TRUE(*add_recorded_run(RunFolder{state.run(kFirst)}, state.history()));
  ASSERT_EQ(chmod(state.history().c_str(), 0600), 0);
  std::string bytes = *read_file(state.history());
  ASSERT_TRUE(close_journal(state.history()));
  bytes = *read_file(state.history());
  bytes[68] = 'X';  // application_id
  damage(bytes);
  EXPECT_EQ(read().error().code, ErrorCode::unsupported);
  EXPECT_EQ(*read_file(state.history()), bytes);
  EXPECT_TRUE(set_aside().empty());
}

TEST_F(HistoryRebuild, without_any_record_the_new_history_is_empty_and_says_so) {
  ASSERT_TRUE(state.create());
  damage("not a database at all, but long enough to be looked at as one");
  EXPECT_EQ(*read(), Durations{});
  EXPECT_NE(notice.find("0 recorded runs"), std::string::npos) << notice;
}

TEST_F(HistoryRebuild, runs_that_have_not_ended_save_themselves_later) {
  record(ended_run(kFirst, 4s));
  record(run_of(kSecond, 5s));
  damage(std::string(8192, 'x'));
  EXPECT_EQ(*read(), (Durations{4}));
  EXPECT_FALSE(*add_recorded_run(RunFolder{state.run(kSecond)}, state.history()));
}

TEST_F(HistoryRebuild, run_read_back_leaves_what_the_run_itself_left) {
  const RunScript script = ended_run(kFirst, 4s);
  record(script);
  TimingObserver observer(folder / "live.db");
  for (const RunEvent& event : script.events()) {
    observer.on_event(event);
  }
  ASSERT_EQ(observer.trouble(), "");
  ASSERT_TRUE(*add_recorded_run(RunFolder{state.run(kFirst)}, state.history()));
  EXPECT_EQ(History::open(folder / "live.db")->profiles(9)->front().to_json(),
            History::open(state.history())->profiles(9)->front().to_json());
}

TEST_F(HistoryRebuild, stages_that_need_not_run_are_counted_and_have_no_times) {
  RunScript script(kFirst);
  script.start_run({planned("build", 0), planned("test", 1, {0})});
  StageSkipped skipped;
  skipped.stage = 0;
  skipped.up_to_date = true;
  script.at(1s).add(skipped).start(1).at(2s).complete(1, 1s).finish_run(RunStatus::completed, 0);
  record(script);
  ASSERT_TRUE(*add_recorded_run(RunFolder{state.run(kFirst)}, state.history()));
  const auto profiles = History::open(state.history())->profiles(1);
  EXPECT_EQ(profiles->front().stages.size(), 1U);
  EXPECT_FALSE(is_whole_run(profiles->front()));
  EXPECT_TRUE(is_complete_run(profiles->front()));
}

TEST_F(HistoryRebuild, processes_that_find_the_damage_at_once_rebuild_it_once) {
  for (const std::string& id : {kFirst, kSecond, kThird}) {
    record(ended_run(id, 4s));
  }
  damage(std::string(8192, 'x'));
  constexpr int kProcesses = 6;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto found = read();
      _exit(found && found->size() == 3 ? 0 : 1);
    }
  }
  for (int process = 0; process < kProcesses; ++process) {
    int status = 0;
    ASSERT_GT(wait(&status), 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(set_aside().size(), 1U);
}

}  // namespace
}  // namespace headway
