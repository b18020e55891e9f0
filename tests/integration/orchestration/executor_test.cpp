// The executor with the real clock and real files: timeouts, callables that ignore their stop, the
// history, the log. (Commands: executor_commands_test.cpp.)
#include "headway/executor.hpp"

#include "base/clock.hpp"
#include "headway/logging.hpp"
#include "model/run_event.hpp"
#include "model/workflow_file.hpp"
#include "orchestration/run_plan.hpp"
#include "support/temp_folder.hpp"
#include "timing/profile_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <latch>
#include <thread>

namespace headway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

ParallelOutcome run(const std::vector<ParallelStage>& stages, ExecutorOptions options = {}) {
  if (options.max_workers == 0) {
    options.max_workers = 4;
  }
  auto outcome = execute_parallel_stages(stages, std::move(options));
  EXPECT_TRUE(outcome);
  return outcome ? *std::move(outcome) : ParallelOutcome{};
}

// ---- time

TEST(Executor, timeout_ends_a_callable_that_obeys) {
  const auto outcome =
      run({{.stage_id = 0,
            .stage_name = "obeys",
            .task = [](StageContext& context) { return context.wait_for_stop(60s); },
            .timeout = 10ms},
           {1, "after", [] {}, {0}}});
  EXPECT_EQ(outcome.results[0].status, StageStatus::failed);
  EXPECT_EQ(outcome.results[0].error_type, "timeout");
  EXPECT_EQ(outcome.results[0].reason, "timed out after 10 ms");
  EXPECT_TRUE(std::any_cast<bool>(outcome.results[0].result));
  EXPECT_EQ(outcome.results[1].status, StageStatus::skipped);
}

TEST(Executor, callable_that_ignores_its_stop_does_not_hold_the_run_but_the_destructor) {
  std::latch let_go(1);
  std::atomic<bool> returned{false};
  {
    AdaptiveParallelExecutor executor({.max_workers = 1, .continue_on_failure = true});
    const auto outcome = executor.execute_parallel({{.stage_id = 0,
                                                     .stage_name = "deaf",
                                                     .task =
                                                         [&] {
                                                           let_go.wait();
                                                           returned = true;
                                                         },
                                                     .timeout = 10ms,
                                                     .retries = {.max = 3},
                                                     .grace = 10ms},
                                                    {1, "other", [] { return 5; }}});
    ASSERT_TRUE(outcome);
    EXPECT_FALSE(returned);
    EXPECT_EQ(outcome->results[0].status, StageStatus::failed);
    EXPECT_EQ(outcome->results[0].attempts, 1);
    EXPECT_EQ(outcome->results[0].reason,
              "timed out after 10 ms; it did not return within its grace of 10 ms and still runs");
    EXPECT_EQ(std::any_cast<int>(outcome->results[1].result), 5);
    let_go.count_down();
  }
  EXPECT_TRUE(returned);
}

TEST(Executor, callable_that_was_given_up_may_still_read_its_dependencies) {
  std::latch let_go(1);
  std::string seen;
  {
    AdaptiveParallelExecutor executor({.max_workers = 2});
    auto outcome = executor.execute_parallel(
        {{0, "first", [] { return std::string("a value that is not short at all"); }},
         {.stage_id = 1,
          .stage_name = "deaf",
          .task =
              [&](StageContext& context) {
                let_go.wait();
                seen = context.stage_name() + ": " + *context.result<std::string>(0);
              },
          .dependencies = {0},
          .timeout = 5ms,
          .grace = 5ms}});
    ASSERT_TRUE(outcome);
    outcome->results.clear();
    let_go.count_down();
  }
  EXPECT_EQ(seen, "deaf: a value that is not short at all");
}

TEST(Executor, retry_waits_with_backoff) {
  std::atomic<int> calls{0};
  const auto outcome = run({{.stage_id = 0,
                             .stage_name = "third time lucky",
                             .task =
                                 [&calls] {
                                   if (++calls < 3) {
                                     throw std::runtime_error("not yet");
                                   }
                                   return calls.load();
                                 },
                             .retries = {.max = 5, .delay = 5ms, .backoff = 3}}});
  EXPECT_TRUE(outcome.all_succeeded);
  EXPECT_EQ(outcome.results[0].attempts, 3);
  EXPECT_GE(outcome.results[0].ended, 20ms);
}

TEST(Executor, each_attempt_has_a_stop_token_of_its_own) {
  const auto outcome = run({{.stage_id = 0,
                             .stage_name = "slow at first",
                             .task =
                                 [](StageContext& context) {
                                   return context.attempt() == 1 ? context.wait_for_stop(60s)
                                                                 : context.stop_requested();
                                 },
                             .timeout = 10ms,
                             .retries = {.max = 1, .delay = 1ms}}});
  EXPECT_TRUE(outcome.all_succeeded);
  EXPECT_FALSE(std::any_cast<bool>(outcome.results[0].result));
}

TEST(Executor, timeout_reaches_a_nested_run) {
  StageStatus inner{};
  const auto outcome =
      run({{.stage_id = 0,
            .stage_name = "outer",
            .task =
                [&inner] {
                  const auto nested = execute_parallel_stages(
                      {{0, "inner", [](StageContext& context) { context.wait_for_stop(60s); }}});
                  inner = nested->results[0].status;
                },
            .timeout = 10ms}});
  EXPECT_EQ(inner, StageStatus::cancelled);
  EXPECT_EQ(outcome.results[0].reason, "timed out after 10 ms");
}

// ---- no threads

// Asks for stacks that no machine has, for a scope.
class NoMoreThreads {
 public:
  NoMoreThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t huge;
    pthread_attr_init(&huge);
    pthread_attr_setstacksize(&huge, std::size_t{1} << 47);
    pthread_setattr_default_np(&huge);
    pthread_attr_destroy(&huge);
  }
  ~NoMoreThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  NoMoreThreads(const NoMoreThreads&) = delete;
  NoMoreThreads& operator=(const NoMoreThreads&) = delete;

 private:
  pthread_attr_t before_{};
};

TEST(Executor, stages_for_which_no_thread_can_be_had_fail_and_the_run_ends) {
  std::vector<ParallelStage> stages;
  for (int id = 0; id < 2000; ++id) {
    stages.push_back({id, "s", [] {}});
  }
  AdaptiveParallelExecutor executor({.max_workers = 2, .continue_on_failure = true});
  {
    const NoMoreThreads none;
    const auto outcome = executor.execute_parallel(stages);
    ASSERT_TRUE(outcome);
    for (const auto& result : outcome->results) {
      ASSERT_EQ(result.error_type, "start_failed");
      ASSERT_THAT(result.reason, HasSubstr("start a thread"));
    }
  }
  const auto outcome = executor.execute_parallel(stages);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->all_succeeded);
}

// ---- history and log

TEST(Executor, history_is_kept_and_makes_the_priorities) {
  const TempFolder folder;
  const ExecutorOptions options{.max_workers = 1, .history = folder / "history.db"};
  std::vector<int> order;
  const auto task = [&order](Seconds length) {
    return [&order, length](StageContext& context) {
      context.wait_for_stop(length);
      order.push_back(context.stage_id());
    };
  };
  const std::vector<ParallelStage> stages{{0, "short", task(1ms)}, {1, "long", task(30ms)}};
  EXPECT_TRUE(run(stages, options).all_succeeded);
  EXPECT_EQ(order, (std::vector<int>{0, 1}));
  order.clear();
  EXPECT_TRUE(run(stages, options).all_succeeded);
  EXPECT_EQ(order, (std::vector<int>{1, 0}));  // the long one first, now that it is known

  const auto lane = load_lane(options.history, "default", "standard");
  ASSERT_TRUE(lane);
  EXPECT_EQ(lane->runs, 2);
  const auto estimator = PerformanceEstimator::open(options.history);
  ASSERT_TRUE(estimator);
  EXPECT_GE(*estimator->get_average_stage_time(1, "standard"), 30ms);
}

TEST(Executor, program_and_command_line_share_one_history) {
  const TempFolder folder;
  auto loaded = parse_workflow(
      "version: 1\nname: ci\nstages:\n  build: {run: make}\n", "headway.yaml", folder.path());
  ASSERT_TRUE(loaded.valid());
  const auto unknown = make_run_plan(loaded.workflow, {});
  ASSERT_TRUE(unknown);
  EXPECT_EQ(expected_time(*unknown).runs, 0);
  ASSERT_TRUE(unknown->state.create());

  run({{7, "build", [](StageContext& context) { context.wait_for_stop(20ms); }}},
      {.history = unknown->state.history(),
       .workflow = loaded.workflow.name,
       .lane = unknown->selection.lane->key});

  const auto known = make_run_plan(loaded.workflow, {});
  ASSERT_TRUE(known);
  EXPECT_EQ(expected_time(*known).runs, 1);
  EXPECT_GE(expected_time(*known).expected, 10ms);  // (a draw around 20 ms)
}

TEST(Executor, observers_see_the_events_of_a_run) {
  class Names final : public RunObserver {
   public:
    void on_event(const RunEvent& event) override { told.push_back(name_of(event.body)); }
    std::vector<std::string_view> told;

   private:
    static std::string_view name_of(const RunEventBody& body) {
      return std::holds_alternative<RunStarted>(body)      ? "begin"
             : std::holds_alternative<StageReady>(body)    ? "ready"
             : std::holds_alternative<StageStarted>(body)  ? "start"
             : std::holds_alternative<StageFinished>(body) ? "finish"
             : std::holds_alternative<RunFinished>(body)   ? "end"
                                                           : "other";
    }
  } names;
  const SystemClock clock;
  AdaptiveParallelExecutor executor({.max_workers = 1}, clock, {&names});
  ASSERT_TRUE(executor.execute_parallel({{0, "a", [] {}}, {1, "b", [] {}, {0}}}));
  EXPECT_THAT(
      names.told,
      testing::ElementsAre("begin", "ready", "start", "finish", "ready", "start", "finish", "end"));
}

TEST(Executor, without_a_history_a_repository_is_not_written_to) {
  const TempFolder folder;
  spill(folder / "headway.yaml", "version: 1\n");
  const std::string before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  run({{0, "a", [] {}}});
  std::filesystem::current_path(before);
  EXPECT_FALSE(std::filesystem::exists(folder / ".headway"));
}

TEST(Executor, history_that_cannot_be_written_is_told_and_fails_nothing) {
  const TempFolder folder;
  spill(folder / "history.db",
        "this is no database, whatever its name says, and it stays as it is");
  {
    StructuredLogger logger("program", folder.path());
    const auto outcome =
        run({{0, "a", [] {}}}, {.history = folder / "history.db", .logger = &logger});
    EXPECT_TRUE(outcome.all_succeeded);
  }
  EXPECT_THAT(slurp(folder / "program-structured.jsonl"), HasSubstr("history: "));
}

TEST(Executor, log_has_every_stage_and_what_a_stage_says_carries_it) {
  const TempFolder folder;
  {
    StructuredLogger logger("program", folder.path());
    run({{0, "first", [&logger] { logger.info("said through the program's own logger"); }},
         {1,
          "second",
          [](StageContext& context) {
            context.logger().info("said through the context");
            throw std::runtime_error("boom");
          }}},
        {.max_workers = 1, .workflow_id = "change-7", .logger = &logger});
    logger.info("after the run");
  }
  const std::string log = slurp(folder / "program-structured.jsonl");
  const auto line_with = [&log](std::string_view text) {
    const std::size_t at = log.find(text);
    const std::size_t from = log.rfind('\n', at) + 1;
    return at == std::string::npos ? "" : log.substr(from, log.find('\n', at) - from);
  };
  EXPECT_THAT(line_with("own logger"), HasSubstr("first"));
  EXPECT_THAT(line_with("own logger"), HasSubstr("change-7"));
  EXPECT_THAT(line_with("the context"), HasSubstr("second"));
  EXPECT_THAT(line_with("COMPLETED"), HasSubstr("first"));
  EXPECT_THAT(line_with("FAILED"), HasSubstr("threw std::runtime_error: boom"));
  EXPECT_EQ(line_with("after the run").find("second"), std::string::npos);
}

}  // namespace
}  // namespace headway
