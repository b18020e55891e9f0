// The executor with real threads and a clock that stands still: what comes back, in which order,
// and that nothing waits for ever. Threads meet at latches; nobody sleeps.
#include "headway/executor.hpp"

#include "headway/stop_token.hpp"
#include "support/fake_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <latch>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace headway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Returns when told to stop, and only then.
void wait_for_stop(const StageContext& context) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait(lock, stop_token(context), [] { return false; });
}

int twice(int number) {
  return 2 * number;
}

class ExecutorTest : public testing::Test {
 protected:
  AdaptiveParallelExecutor executor(ExecutorOptions options = {.max_workers = 4}) {
    return {std::move(options), clock_};
  }
  std::vector<StageExecutionResult> results_of(const std::vector<ParallelStage>& stages,
                                               ExecutorOptions options = {.max_workers = 4}) {
    auto outcome = executor(std::move(options)).execute_parallel(stages);
    EXPECT_TRUE(outcome);
    return outcome ? std::move(outcome->results) : std::vector<StageExecutionResult>();
  }

  FakeClock clock_;
};

template <typename T>
T value_of(const StageExecutionResult& result) {
  EXPECT_EQ(result.status, StageStatus::completed) << result.reason;
  const T* value = std::any_cast<T>(&result.result);
  EXPECT_NE(value, nullptr);
  return value == nullptr ? T{} : *value;
}

// ---- what can be called

TEST_F(ExecutorTest, callables_with_and_without_context_and_arguments) {
  const auto results = results_of({
      {0, "function", {twice, 4}},
      {1, "lambda", [] { return std::string("x"); }},
      {2, "context", [](StageContext& context) { return context.stage_name(); }},
      {3,
       "context and arguments",
       {[](StageContext& context, int a, const std::string& b) {
          return b + std::to_string(context.stage_id() + a);
        },
        10,
        std::string("n")}},
      {4, "generic", [](auto& context) { return context.attempt(); }},
      {5, "void", [] {}},
      {6, "std::function", std::function<int()>([] { return 6; })},
  });
  EXPECT_EQ(value_of<int>(results[0]), 8);
  EXPECT_EQ(value_of<std::string>(results[1]), "x");
  EXPECT_EQ(value_of<std::string>(results[2]), "context");
  EXPECT_EQ(value_of<std::string>(results[3]), "n13");
  EXPECT_EQ(value_of<int>(results[4]), 1);
  EXPECT_FALSE(results[5].result.has_value());
  EXPECT_EQ(value_of<int>(results[6]), 6);
}

TEST_F(ExecutorTest, callable_and_argument_may_be_movable_only) {
  const auto results = results_of({
      {0, "capture", [number = std::make_unique<int>(3)] { return *number; }},
      {1,
       "argument",
       {[](const std::unique_ptr<int>& number) { return *number; }, std::make_unique<int>(4)}},
      {2, "changes", [number = std::make_unique<int>(5)]() mutable { return ++*number; }},
  });
  EXPECT_EQ(value_of<int>(results[0]), 3);
  EXPECT_EQ(value_of<int>(results[1]), 4);
  EXPECT_EQ(value_of<int>(results[2]), 6);
}

TEST_F(ExecutorTest, reference_is_handed_over_with_ref) {
  int count = 0;
  results_of({{0, "counts", {[](int& number) { ++number; }, std::ref(count)}}});
  EXPECT_EQ(count, 1);
}

TEST_F(ExecutorTest, callable_that_changes_itself_begins_anew_in_each_attempt) {
  const auto results = results_of({{.stage_id = 0,
                                    .stage_name = "counts",
                                    .task =
                                        [calls = 0]() mutable {
                                          if (++calls == 1) {
                                            throw calls;
                                          }
                                          return calls;
                                        },
                                    .retries = {.max = 1, .delay = Seconds(0)}}});
  EXPECT_EQ(results[0].status, StageStatus::failed);
  EXPECT_EQ(results[0].attempts, 2);
}

TEST_F(ExecutorTest, same_list_can_run_again) {
  const std::vector<ParallelStage> stages{{0, "a", [] { return 1; }}, {1, "b", {twice, 2}, {0}}};
  auto kept = executor();
  for (int i = 0; i < 3; ++i) {
    const auto outcome = kept.execute_parallel(stages);
    ASSERT_TRUE(outcome);
    EXPECT_TRUE(outcome->all_succeeded);
    EXPECT_EQ(value_of<int>(outcome->results[1]), 4);
  }
}

// ---- what comes back

TEST_F(ExecutorTest, results_come_by_stage_id) {
  const auto results =
      results_of({{3, "c", {twice, 3}}, {1, "a", {twice, 1}}, {2, "b", {twice, 2}, {3}}});
  std::vector<int> ids;
  for (const auto& result : results) {
    ids.push_back(result.stage_id);
  }
  EXPECT_THAT(ids, ElementsAre(1, 2, 3));
  EXPECT_EQ(value_of<int>(results[2]), 6);
}

TEST_F(ExecutorTest, empty_list_succeeds_with_nothing) {
  const auto outcome = executor().execute_parallel({});
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->results.empty());
  EXPECT_TRUE(outcome->all_succeeded);
}

TEST_F(ExecutorTest, outcome_comes_apart_in_two) {
  auto outcome = executor().execute_parallel({{0, "a", [] { return 1; }}});
  ASSERT_TRUE(outcome);
  auto& [results, all_succeeded] = *outcome;
  results[0].stage_name = "changed";
  EXPECT_TRUE(all_succeeded);
  EXPECT_EQ(outcome->results[0].stage_name, "changed");
  const auto& [same, still] = std::as_const(*outcome);
  EXPECT_EQ(&same, &outcome->results);
  EXPECT_TRUE(still);
  auto [taken, flag] = *std::move(outcome);
  EXPECT_EQ(taken.size(), 1U);
  EXPECT_TRUE(flag);
}

TEST_F(ExecutorTest, bad_graph_is_an_error_and_nothing_runs) {
  std::atomic<int> calls{0};
  const auto outcome =
      executor().execute_parallel({{0, "a", [&calls] { ++calls; }}, {1, "b", [] {}, {9}}});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(calls, 0);
}

TEST_F(ExecutorTest, exception_of_any_type_fails_its_stage_alone) {
  const auto results = results_of({{0, "good", {twice, 1}},
                                   {1, "int", []() -> int { throw 42; }},
                                   {2, "std", [] { throw std::runtime_error("boom"); }},
                                   {3, "after", {twice, 1}, {1}}},
                                  {.max_workers = 1, .continue_on_failure = true});
  EXPECT_EQ(value_of<int>(results[0]), 2);
  EXPECT_EQ(results[1].error_type, "int");
  EXPECT_THROW(std::rethrow_exception(results[1].exception), int);
  EXPECT_EQ(results[2].error, "boom");
  EXPECT_EQ(results[3].status, StageStatus::skipped);
  EXPECT_EQ(results[3].reason, "needs stage 1 ('int'), which failed");
}

TEST_F(ExecutorTest, workers_are_known_before_any_run) {
  EXPECT_EQ(executor({.max_workers = 3}).get_worker_count(), 3);
  EXPECT_GE(executor({}).get_worker_count(), 1);
}

// ---- the context

TEST_F(ExecutorTest, context_has_the_results_of_direct_dependencies_alone) {
  const auto results = results_of({
      {10, "first", {twice, 1}},
      {20, "second", [] { return std::string("x"); }, {10}},
      {30,
       "third",
       [](StageContext& context) {
         EXPECT_EQ(context.result<int>(10), nullptr);  // not a direct one
         EXPECT_EQ(context.result<int>(20), nullptr);  // not an int
         EXPECT_EQ(context.result<int>(99), nullptr);
         EXPECT_EQ(context.result_of(99), nullptr);
         EXPECT_EQ(context.result_of(20)->stage_name, "second");
         return *context.result<std::string>(20) + "y";
       },
       {20}},
  });
  EXPECT_EQ(value_of<std::string>(results[2]), "xy");
}

TEST_F(ExecutorTest, progress_is_seen_while_the_stage_runs_and_forgotten_after_it) {
  auto watched = executor();
  const auto outcome = watched.execute_parallel({{7, "slow", [&watched](StageContext& context) {
                                                    context.progress(0.5, "half");
                                                    context.progress(7);
                                                    const auto all = watched.get_progress();
                                                    ASSERT_EQ(all.size(), 1U);
                                                    EXPECT_EQ(all[0].stage_id, 7);
                                                    EXPECT_EQ(all[0].fraction, 1);
                                                    EXPECT_EQ(all[0].text, "");
                                                  }}});
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->all_succeeded);
  EXPECT_TRUE(watched.get_progress().empty());
}

// ---- at once, and not

TEST_F(ExecutorTest, independent_stages_run_at_once) {
  std::latch both(2);
  const auto meet = [&both] { both.arrive_and_wait(); };
  const auto results = results_of({{0, "a", meet}, {1, "b", meet}}, {.max_workers = 2});
  EXPECT_EQ(results[1].status, StageStatus::completed);
}

TEST_F(ExecutorTest, no_more_run_at_once_than_there_are_workers) {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::vector<ParallelStage> stages;
  for (int id = 0; id < 200; ++id) {
    stages.push_back({id, "s", [&] {
                        const int now = ++running;
                        int seen = most.load();
                        while (seen < now && !most.compare_exchange_weak(seen, now)) {
                        }
                        std::this_thread::yield();
                        --running;
                      }});
  }
  results_of(stages, {.max_workers = 3});
  EXPECT_LE(most, 3);
}

TEST_F(ExecutorTest, lock_keeps_stages_apart) {
  std::atomic<int> inside{0};
  std::vector<ParallelStage> stages;
  for (int id = 0; id < 50; ++id) {
    stages.push_back({.stage_id = id,
                      .stage_name = "s",
                      .task =
                          [&inside] {
                            const bool alone = ++inside == 1;
                            std::this_thread::yield();
                            --inside;
                            return alone;
                          },
                      .resources = {.locks = {"door"}}});
  }
  for (const auto& result : results_of(stages)) {
    EXPECT_TRUE(value_of<bool>(result));
  }
}

TEST_F(ExecutorTest, chain_stays_on_one_thread) {
  std::vector<ParallelStage> stages{{0, "s", [] { return std::this_thread::get_id(); }}};
  for (int id = 1; id < 100; ++id) {
    stages.push_back({id, "s", [] { return std::this_thread::get_id(); }, {id - 1}});
  }
  const auto results = results_of(stages);
  for (const auto& result : results) {
    EXPECT_EQ(value_of<std::thread::id>(result), value_of<std::thread::id>(results[0]));
  }
}

// ---- runs in runs

TEST_F(ExecutorTest, nested_run_on_the_same_executor_with_one_worker) {
  auto shared = executor({.max_workers = 1});
  const std::function<int(int)> descend = [&](int depth) {
    if (depth == 0) {
      return 1;
    }
    const auto inner =
        shared.execute_parallel({{0, "a", {descend, depth - 1}}, {1, "b", {descend, depth - 1}}});
    return value_of<int>(inner->results[0]) + value_of<int>(inner->results[1]);
  };
  const auto outcome = shared.execute_parallel({{0, "top", {descend, 5}}});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(value_of<int>(outcome->results[0]), 32);
}

TEST_F(ExecutorTest, nested_run_on_another_executor) {
  auto inner = executor({.max_workers = 1});
  std::vector<ParallelStage> stages;
  for (int id = 0; id < 8; ++id) {
    stages.push_back({id, "outer", [&inner] {
                        const auto outcome = inner.execute_parallel({{0, "inner", {twice, 4}}});
                        return value_of<int>(outcome->results[0]);
                      }});
  }
  for (const auto& result : results_of(stages, {.max_workers = 4})) {
    EXPECT_EQ(value_of<int>(result), 8);
  }
}

TEST_F(ExecutorTest, runs_from_several_threads_at_once) {
  auto shared = executor({.max_workers = 2});
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto outcome = shared.execute_parallel({{0, "a", {twice, 1}}, {1, "b", [] {}, {0}}});
      good += outcome && outcome->all_succeeded ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(good, 4);
}

// ---- cancel

TEST_F(ExecutorTest, cancel_from_another_thread_ends_the_run) {
  auto cancelled = executor();
  std::latch running(1);
  std::thread other([&] {
    running.wait();
    cancelled.cancel();
  });
  const auto outcome = cancelled.execute_parallel({{0,
                                                    "waits",
                                                    [&running](StageContext& context) {
                                                      running.count_down();
                                                      wait_for_stop(context);
                                                      return context.stop_requested();
                                                    }},
                                                   {1, "never", {twice, 1}, {0}}});
  other.join();
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->all_succeeded);
  EXPECT_EQ(outcome->results[0].status, StageStatus::cancelled);
  EXPECT_TRUE(std::any_cast<bool>(outcome->results[0].result));
  EXPECT_EQ(outcome->results[1].status, StageStatus::cancelled);
  EXPECT_EQ(outcome->results[1].reason, "the run was cancelled before it started");
}

TEST_F(ExecutorTest, cancel_from_inside_a_stage) {
  auto cancelled = executor({.max_workers = 1});
  const auto outcome = cancelled.execute_parallel({{0,
                                                    "cancels",
                                                    [&cancelled](StageContext& context) {
                                                      cancelled.cancel();
                                                      wait_for_stop(context);
                                                    }},
                                                   {1, "never", [] {}, {0}}});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->results[1].status, StageStatus::cancelled);
}

TEST_F(ExecutorTest, cancel_does_not_reach_later_runs) {
  auto kept = executor();
  kept.cancel();
  const auto outcome = kept.execute_parallel({{0, "a", {twice, 1}}});
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->all_succeeded);
}

TEST_F(ExecutorTest, nested_run_is_cancelled_with_the_stage_around_it) {
  auto outer = executor();
  auto inner = executor();
  std::latch running(1);
  std::thread other([&] {
    running.wait();
    outer.cancel();
  });
  StageStatus inner_status{};
  const auto outcome =
      outer.execute_parallel({{0, "outer", [&] {
                                 const auto nested = inner.execute_parallel(
                                     {{0, "inner", [&running](StageContext& context) {
                                         running.count_down();
                                         wait_for_stop(context);
                                       }}});
                                 inner_status = nested->results[0].status;
                               }}});
  other.join();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(inner_status, StageStatus::cancelled);
  EXPECT_EQ(outcome->results[0].status, StageStatus::cancelled);
}

TEST_F(ExecutorTest, value_whose_destructor_uses_the_executor_does_no_harm) {
  auto kept = executor();
  struct Calls {
    explicit Calls(AdaptiveParallelExecutor& its) : executor(&its) {}
    Calls(const Calls&) = default;
    ~Calls() { executor->cancel(); }
    AdaptiveParallelExecutor* executor;
  };
  const auto outcome = kept.execute_parallel({{0, "a", [&kept] { return Calls(kept); }}});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->results.size(), 1U);
}

TEST_F(ExecutorTest, one_function_does_it_all) {
  const auto outcome = execute_parallel_stages({{0, "a", {twice, 21}}}, {.max_workers = 4});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(value_of<int>(outcome->results[0]), 42);
  EXPECT_EQ(outcome->worker_count, 4);
}

}  // namespace
}  // namespace headway
