// The executor with real processes. Not under the thread sanitizer, whose runtime cannot follow a
// vfork.
#include "headway/executor.hpp"
#include "support/processes.hpp"
#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <latch>
#include <thread>

#if defined(__SANITIZE_THREAD__)
#define HEADWAY_UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HEADWAY_UNDER_TSAN 1
#endif
#endif

namespace headway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class ExecutorCommands : public testing::Test {
 protected:
  void SetUp() override {
#ifdef HEADWAY_UNDER_TSAN
    GTEST_SKIP() << "no vfork under the thread sanitizer";
#endif
  }
};

ParallelOutcome run(const std::vector<ParallelStage>& stages, ExecutorOptions options = {}) {
  if (options.max_workers == 0) {
    options.max_workers = 4;
  }
  auto outcome = execute_parallel_stages(stages, std::move(options));
  EXPECT_TRUE(outcome);
  return outcome ? *std::move(outcome) : ParallelOutcome{};
}

TEST_F(ExecutorCommands, command_and_callable_in_one_graph) {
  const TempFolder folder;
  const auto outcome =
      run({{0, "write", Command{{"sh", "-c", "echo from a process > note"}, folder.path()}},
           {1, "read", [&folder] { return slurp(folder / "note"); }, {0}},
           {2, "count", Command{{"grep", "-c", "process", "note"}, folder.path()}, {1}}});
  EXPECT_TRUE(outcome.all_succeeded);
  EXPECT_EQ(std::any_cast<int>(outcome.results[0].result), 0);
  EXPECT_EQ(std::any_cast<std::string>(outcome.results[1].result), "from a process\n");
}

TEST_F(ExecutorCommands, command_that_fails_keeps_its_code_and_the_end_of_its_output) {
  const auto outcome =
      run({{0, "fails", Command{{"sh", "-c", "echo first; echo wrong >&2; exit 3"}}}});
  const auto& result = outcome.results[0];
  EXPECT_EQ(result.status, StageStatus::failed);
  EXPECT_EQ(std::any_cast<int>(result.result), 3);
  EXPECT_EQ(result.error_type, "exit_code");
  EXPECT_EQ(result.reason, "exit code 3");
  EXPECT_EQ(result.error, "first\nwrong");
}

TEST_F(ExecutorCommands, secret_of_the_environment_is_masked_in_what_a_command_prints) {
  setenv("EXECUTOR_TEST_TOKEN", "tk-53cr3t-value", 1);
  const auto outcome =
      run({{0, "tells", Command{{"sh", "-c", "echo key $EXECUTOR_TEST_TOKEN; exit 1"}}}});
  unsetenv("EXECUTOR_TEST_TOKEN");
  EXPECT_EQ(outcome.results[0].error, "key ***");
}

TEST_F(ExecutorCommands, command_that_cannot_be_found_has_failed_to_start) {
  const auto outcome = run({{0, "absent", Command{{"no-such-program-anywhere"}}}});
  const auto& result = outcome.results[0];
  EXPECT_EQ(result.error_type, "start_failed");
  EXPECT_EQ(std::any_cast<int>(result.result), 127);
  EXPECT_THAT(result.reason, HasSubstr("no-such-program-anywhere"));
}

TEST_F(ExecutorCommands, command_that_times_out_gets_sigterm_and_may_say_farewell) {
  const auto outcome =
      run({{.stage_id = 0,
            .stage_name = "slow",
            .task = Command{{"sh", "-c", "trap 'echo bye; exit 0' TERM; sleep 60 & wait"}},
            .timeout = 100ms}});
  EXPECT_EQ(outcome.results[0].status, StageStatus::failed);
  EXPECT_EQ(outcome.results[0].error_type, "timeout");
  EXPECT_EQ(outcome.results[0].reason, "timed out after 100 ms");
}

TEST_F(ExecutorCommands, command_that_ignores_sigterm_is_killed_with_its_group) {
  const TempFolder folder;
  const auto outcome =
      run({{.stage_id = 0,
            .stage_name = "deaf",
            .task = Command{{"sh", "-c", "trap '' TERM; sleep 60 & echo $! > child; wait"},
                            folder.path()},
            .timeout = 200ms,
            .grace = 20ms}});
  EXPECT_EQ(std::any_cast<int>(outcome.results[0].result), 137);
  EXPECT_EQ(outcome.results[0].error_type, "timeout");
  const int child = std::stoi("0" + slurp(folder / "child"));
  ASSERT_GT(child, 0);
  EXPECT_TRUE(eventually([child] { return !is_running(child); }));
}

TEST_F(ExecutorCommands, cancel_ends_commands) {
  AdaptiveParallelExecutor executor({.max_workers = 2});
  std::latch running(1);
  std::thread other([&] {
    running.wait();
    executor.cancel();
  });
  const auto outcome =
      executor.execute_parallel({{0, "sleeps", Command{{"sleep", "60"}}},
                                 {1, "tells", [&running] { running.count_down(); }}});
  other.join();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->results[0].status, StageStatus::cancelled);
  EXPECT_LT(outcome->results[0].duration, 50s);
}

TEST_F(ExecutorCommands, many_commands_at_once) {
  std::vector<ParallelStage> stages;
  for (int id = 0; id < 40; ++id) {
    stages.push_back({id, "true", Command{{"true"}}});
  }
  EXPECT_TRUE(run(stages, {.max_workers = 8}).all_succeeded);
}

TEST_F(ExecutorCommands, relative_folder_counts_from_the_working_directory) {
  const auto outcome = run({{0, "pwd", Command{{"test", "-d", "."}, "."}},
                            {1, "absent", Command{{"true"}, "no-such-folder"}, {0}}});
  EXPECT_EQ(outcome.results[0].status, StageStatus::completed);
  EXPECT_EQ(outcome.results[1].error_type, "start_failed");
  EXPECT_THAT(outcome.results[1].reason, HasSubstr("no-such-folder"));
}

TEST_F(ExecutorCommands, long_output_keeps_its_end_from_the_begin_of_a_line) {
  const auto outcome = run({{0, "loud", Command{{"sh", "-c", "seq 1 100000; exit 1"}}}});
  const std::string& error = outcome.results[0].error;
  EXPECT_LE(error.size(), 8U << 10);
  EXPECT_GT(error.size(), 7U << 10);
  EXPECT_TRUE(error.ends_with("\n100000"));
  EXPECT_EQ(error.find('\n'), 5U);  // the first line is a whole number of five digits
}

TEST_F(ExecutorCommands, command_ended_by_a_signal_tells_which) {
  const auto outcome = run({{0, "dies", Command{{"sh", "-c", "kill -SEGV $$"}}}});
  EXPECT_EQ(outcome.results[0].error_type, "signal");
  EXPECT_EQ(outcome.results[0].reason, "killed by SIGSEGV");
  EXPECT_EQ(std::any_cast<int>(outcome.results[0].result), 128 + SIGSEGV);
}

TEST_F(ExecutorCommands, what_a_command_leaves_in_its_group_is_killed_when_it_ends) {
  const TempFolder folder;
  const auto outcome =
      run({{0, "leaves", Command{{"sh", "-c", "sleep 60 & echo $! > child"}, folder.path()}}});
  EXPECT_TRUE(outcome.all_succeeded);
  const int child = std::stoi("0" + slurp(folder / "child"));
  ASSERT_GT(child, 0);
  EXPECT_TRUE(eventually([child] { return !is_running(child); }));
}

TEST_F(ExecutorCommands, program_that_ignores_sigchld_is_told_why_no_command_runs) {
  struct sigaction before {};
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGCHLD, &ignore, &before);
  const auto outcome = run({{0, "true", Command{{"true"}}}});
  sigaction(SIGCHLD, &before, nullptr);
  EXPECT_EQ(outcome.results[0].error_type, "start_failed");
  EXPECT_THAT(outcome.results[0].error, HasSubstr("SIGCHLD"));
}

}  // namespace
}  // namespace headway
