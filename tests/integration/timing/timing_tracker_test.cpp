// Tests of TimingTracker: a clock moved by hand, real history files.
#include "base/files.hpp"
#include "headway/timing.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_folder.hpp"
#include "timing/history.hpp"
#include "timing/history_json.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace headway {
namespace {

using namespace std::chrono_literals;

class TimingTrackerTest : public testing::Test {
 protected:
  TimingTracker tracker(const std::string& name = "history.json") {
    return TimingTracker("change-1", "standard", {.history = dir_ / name}, clock_);
  }
  std::vector<WorkflowTimingProfile> saved(const std::string& name = "history.json") {
    auto text = read_file(dir_ / name);
    return text ? *parse_history_json(*text) : std::vector<WorkflowTimingProfile>();
  }

  TempFolder dir_;
  FakeClock clock_;
};

TEST_F(TimingTrackerTest, overlapping_stages_are_all_kept) {
  // The original lost the first when the second started.
  TimingTracker run = tracker();
  run.start_stage(1, "a");
  clock_.advance(1s);
  run.start_stage(2, "b");
  clock_.advance(1s);
  EXPECT_TRUE(run.complete_stage(1));
  clock_.advance(1s);
  EXPECT_TRUE(run.complete_stage(2, StageStatus::failed));
  ASSERT_TRUE(run.complete_workflow().has_value());
  const WorkflowTimingProfile summary = run.get_summary();
  ASSERT_EQ(summary.stages.size(), 2U);
  EXPECT_EQ(summary.stages[0].duration, 2s);
  EXPECT_EQ(summary.stages[1].duration, 2s);
  EXPECT_EQ(summary.stages[1].status, StageStatus::failed);
  EXPECT_EQ(summary.total_duration, 3s);
}

TEST_F(TimingTrackerTest, complete_without_id_ends_the_newest_that_runs) {
  TimingTracker run = tracker();
  EXPECT_FALSE(run.complete_stage());
  run.start_stage(1, "a");
  run.start_stage(2, "b");
  EXPECT_TRUE(run.complete_stage());
  EXPECT_EQ(run.profile().stages[1].status, StageStatus::completed);
  EXPECT_EQ(run.profile().stages[0].status, StageStatus::running);
  EXPECT_FALSE(run.complete_stage(2));
  EXPECT_FALSE(run.complete_stage(7));
  EXPECT_TRUE(run.complete_stage());
  EXPECT_FALSE(run.complete_stage());
}

TEST_F(TimingTrackerTest, step_of_the_clock_makes_no_negative_duration) {
  TimingTracker run = tracker();
  run.start_stage(1, "a");
  clock_.advance(2s);
  clock_.step_wall(-1h);
  run.complete_stage();
  ASSERT_TRUE(run.complete_workflow().has_value());
  EXPECT_EQ(run.profile().stages[0].duration, 2s);
  EXPECT_EQ(run.profile().total_duration, 2s);
  EXPECT_EQ(saved()[0].stages[0].duration, 2s);
}

TEST_F(TimingTrackerTest, duration_of_zero_stays_zero) {
  TimingTracker run = tracker();
  run.start_stage(1, "a");
  run.complete_stage();
  ASSERT_TRUE(run.complete_workflow().has_value());
  EXPECT_EQ(saved()[0].stages[0].duration, 0s);
}

TEST_F(TimingTrackerTest, running_stage_has_its_duration_so_far) {
  TimingTracker run = tracker();
  run.start_stage(1, "a");
  clock_.advance(3s);
  const WorkflowTimingProfile now = run.profile();
  EXPECT_EQ(now.stages[0].duration, 3s);
  EXPECT_FALSE(now.stages[0].end_time);
  EXPECT_EQ(now.total_duration, 3s);
}

TEST_F(TimingTrackerTest, same_id_again_is_a_further_attempt) {
  TimingTracker run = tracker();
  run.start_stage(1, "a");
  clock_.advance(1s);
  run.complete_stage(1, StageStatus::failed);
  clock_.advance(5s);
  run.start_stage(1, "a");
  clock_.advance(2s);
  run.complete_stage();
  const WorkflowTimingProfile now = run.profile();
  ASSERT_EQ(now.stages.size(), 1U);
  EXPECT_EQ(now.stages[0].attempt, 2);
  EXPECT_EQ(now.stages[0].duration, 2s);
  EXPECT_EQ(now.stages[0].status, StageStatus::completed);
}

TEST_F(TimingTrackerTest, destructor_saves_and_ends_what_runs_as_cancelled) {
  // Nothing ever saved a run of the original.
  {
    TimingTracker run = tracker();
    run.start_stage(1, "a");
    clock_.advance(1s);
  }
  ASSERT_EQ(saved().size(), 1U);
  EXPECT_EQ(saved()[0].stages[0].status, StageStatus::cancelled);
  EXPECT_EQ(saved()[0].stages[0].duration, 1s);
}

TEST_F(TimingTrackerTest, completed_run_is_saved_once) {
  {
    TimingTracker run = tracker();
    run.start_stage(1, "a");
    run.complete_stage();
    run.set_metadata("commit", "old");
    run.set_metadata("commit", "new");
    EXPECT_TRUE(run.complete_workflow().has_value());
    EXPECT_TRUE(run.complete_workflow().has_value());
    run.start_stage(2, "late");
  }
  ASSERT_EQ(saved().size(), 1U);
  EXPECT_EQ(saved()[0].stages.size(), 1U);
  EXPECT_EQ(saved()[0].metadata,
            (std::vector<std::pair<std::string, std::string>>{{"commit", "new"}}));
}

TEST_F(TimingTrackerTest, moved_tracker_saves_once_and_assignment_saves_the_old_one) {
  {
    TimingTracker first = tracker("a.json");
    first.start_stage(1, "a");
    TimingTracker second = tracker("b.json");
    second.start_stage(2, "b");
    first = std::move(second);
    EXPECT_EQ(saved("a.json").size(), 1U);
    EXPECT_EQ(first.profile().stages[0].stage_id, 2);
  }
  EXPECT_EQ(saved("b.json").size(), 1U);
}

TEST_F(TimingTrackerTest, recorded_stages_are_saved_in_the_order_of_their_starts) {
  TimingTracker run = tracker();
  const WallTime start = clock_.wall();
  for (const int id : {2, 1}) {
    StageTimingData data;
    data.stage_id = id;
    data.start_time = start + id * 1s;
    data.duration = 1s;
    data.status = StageStatus::completed;
    run.record_stage(data);
  }
  clock_.advance(3s);
  ASSERT_TRUE(run.complete_workflow().has_value());
  EXPECT_EQ(saved()[0].stages[0].stage_id, 1);
  EXPECT_EQ(saved()[0].total_duration, 3s);
}

TEST_F(TimingTrackerTest, damaged_history_is_an_error_and_never_overwritten) {
  // The original erased it at the next save.
  for (const char* name : {"history.json", "history.db"}) {
    const std::string damage = "{\"profiles\": [" + std::string(4096, '?');
    ASSERT_TRUE(write_file_atomically(dir_ / name, damage, Durability::process).has_value());
    TimingTracker run = tracker(name);
    run.start_stage(1, "a");
    const auto result = run.complete_workflow();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::parse);
    EXPECT_NE(result.error().message.find(name), std::string::npos);
    EXPECT_EQ(*read_file(dir_ / name), damage);
  }
}

TEST_F(TimingTrackerTest, history_that_cannot_be_written_is_told_by_the_destructor_once) {
  testing::internal::CaptureStderr();
  {
    TimingTracker run = tracker("no/such/folder/history.db");
    run.start_stage(1, "a");
  }
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_NE(told.find("timings are not saved"), std::string::npos);
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 1);
}

TEST_F(TimingTrackerTest, sqlite_is_used_for_any_other_name) {
  TimingTracker run = tracker("history.db");
  run.start_stage(1, "a");
  run.complete_stage();
  ASSERT_TRUE(run.complete_workflow().has_value());
  auto history = History::open_read_only(dir_ / "history.db");
  ASSERT_TRUE(history.has_value());
  EXPECT_EQ(*history->count_runs("default", "standard"), 1);
}

TEST_F(TimingTrackerTest, many_threads_may_use_one_tracker) {
  TimingTracker run = tracker();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&run, thread] {
      for (int i = 0; i < 50; ++i) {
        const int id = thread * 100 + i;
        run.start_stage(id, "s");
        EXPECT_TRUE(run.complete_stage(id));
        (void)run.profile();
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(run.profile().stages.size(), 200U);
}

// Runs `body` in a child process that stands in `directory`; its exit code and what it said on
// stderr (in `said`).
int in_child(const std::string& directory, const std::string& said, void (*body)()) {
  const pid_t child = fork();
  if (child == 0) {
    const bool ready = chdir(directory.c_str()) == 0 && freopen(said.c_str(), "w", stderr);
    unsetenv("HEADWAY_STATE_DIR");
    if (ready) {
      body();
    }
    fflush(stderr);
    _exit(ready ? 0 : 9);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

TEST_F(TimingTrackerTest, without_a_name_the_history_of_the_repository_is_used) {
  ASSERT_TRUE(make_directories(dir_ / "sub/deep").has_value());
  ASSERT_TRUE(write_file_atomically(dir_ / "headway.yaml", "version: 1\n", Durability::process)
                  .has_value());
  EXPECT_EQ(
      in_child(dir_ / "sub/deep", dir_ / "said", [] { TimingTracker("x").start_stage(1, "a"); }),
      0);
  EXPECT_TRUE(path_exists(dir_ / ".headway/history.db"));
  EXPECT_EQ(*read_file(dir_ / "said"), "");
}

TEST_F(TimingTrackerTest, state_folder_may_be_moved_by_the_environment) {
  ASSERT_TRUE(write_file_atomically(dir_ / "headway.yaml", "version: 1\n", Durability::process)
                  .has_value());
  EXPECT_EQ(in_child(dir_.path(),
                     dir_ / "said",
                     [] {
                       setenv("HEADWAY_STATE_DIR", "moved", 1);
                       TimingTracker("x").start_stage(1, "a");
                     }),
            0);
  EXPECT_TRUE(path_exists(dir_ / "moved/history.db"));
}

TEST_F(TimingTrackerTest, outside_a_repository_nothing_is_saved_and_that_is_said_once) {
  EXPECT_EQ(in_child(dir_.path(),
                     dir_ / "said",
                     [] {
                       TimingTracker("x").start_stage(1, "a");
                       TimingTracker("y").start_stage(1, "a");
                     }),
            0);
  const std::string said = *read_file(dir_ / "said");
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
}

TEST_F(TimingTrackerTest, processes_that_save_json_at_once_lose_nothing) {
  constexpr int kProcesses = 6;
  constexpr int kRuns = 10;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      int failed = 0;
      for (int i = 0; i < kRuns; ++i) {
        TimingTracker run = tracker();
        run.start_stage(1, "a");
        failed += run.complete_workflow() ? 0 : 1;
      }
      _exit(failed);
    }
  }
  for (int process = 0; process < kProcesses; ++process) {
    int status = 0;
    ASSERT_GT(wait(&status), 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(saved().size(), static_cast<std::size_t>(kProcesses * kRuns));
}

}  // namespace
}  // namespace headway
