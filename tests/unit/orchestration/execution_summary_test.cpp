// A run in numbers, from outcomes made by hand.
#include "headway/executor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Ran {
  double from, to;
};

StageExecutionResult stage(int id, Ran ran, std::vector<int> dependencies = {}) {
  StageExecutionResult result;
  result.stage_id = id;
  result.status = StageStatus::completed;
  result.started = Seconds(ran.from);
  result.ended = Seconds(ran.to);
  result.duration = result.ended - result.started;
  result.attempts = 1;
  result.dependencies = std::move(dependencies);
  return result;
}

ExecutionSummary summary_of(std::vector<StageExecutionResult> results, int workers) {
  return AdaptiveParallelExecutor::get_execution_summary({std::move(results), true, workers});
}

TEST(ExecutionSummary, nothing_run_is_all_zero) {
  const ExecutionSummary summary = summary_of({}, 4);
  EXPECT_EQ(summary.total_stages, 0);
  EXPECT_EQ(summary.parallel_efficiency, 0);
  EXPECT_THAT(summary.critical_path, IsEmpty());
  EXPECT_THAT(summary.bottlenecks, IsEmpty());
}

TEST(ExecutionSummary, statuses_are_counted) {
  auto failed = stage(1, {0, 1});
  failed.status = StageStatus::failed;
  StageExecutionResult skipped;
  skipped.stage_id = 2;
  skipped.status = StageStatus::skipped;
  skipped.dependencies = {1};
  StageExecutionResult cancelled;
  cancelled.stage_id = 3;
  cancelled.status = StageStatus::cancelled;
  const auto summary = summary_of({stage(0, {0, 1}), failed, skipped, cancelled}, 2);
  EXPECT_EQ(summary.total_stages, 4);
  EXPECT_EQ(summary.successful, 1);
  EXPECT_EQ(summary.failed, 1);
  EXPECT_EQ(summary.skipped, 1);
  EXPECT_EQ(summary.cancelled, 1);
  EXPECT_THAT(summary.critical_path, ElementsAre(0));  // (what never ran is on none)
}

TEST(ExecutionSummary, two_at_once_on_two_workers_are_all_efficiency) {
  const auto summary = summary_of({stage(0, {0, 2}), stage(1, {0, 2})}, 2);
  EXPECT_EQ(summary.makespan, Seconds(2));
  EXPECT_EQ(summary.work, Seconds(4));
  EXPECT_DOUBLE_EQ(summary.parallel_efficiency, 1);
  EXPECT_EQ(summary.worker_count, 2);
}

TEST(ExecutionSummary, chain_on_two_workers_is_half_of_it) {
  const auto summary = summary_of({stage(0, {0, 2}), stage(1, {2, 4}, {0})}, 2);
  EXPECT_DOUBLE_EQ(summary.parallel_efficiency, 0.5);
}

TEST(ExecutionSummary, critical_path_is_the_heaviest_chain) {
  const auto summary = summary_of(
      {stage(5, {0, 1}), stage(6, {1, 2}, {5}), stage(7, {1, 5}, {5}), stage(8, {5, 6}, {6, 7})},
      4);
  EXPECT_THAT(summary.critical_path, ElementsAre(5, 7, 8));
}

TEST(ExecutionSummary, bottleneck_saves_only_down_to_the_next_chain) {
  const auto summary = summary_of(
      {stage(0, {0, 1}), stage(1, {1, 11}, {0}), stage(2, {1, 4}, {0}), stage(3, {11, 12}, {1, 2})},
      4);
  ASSERT_EQ(summary.bottlenecks.size(), 3U);
  EXPECT_EQ(summary.bottlenecks[0].stage_id, 1);
  EXPECT_EQ(summary.bottlenecks[0].average_duration, Seconds(10));
  EXPECT_NEAR(summary.bottlenecks[0].saving.count(), 7, 1e-6);
  EXPECT_NEAR(summary.bottlenecks[1].saving.count(), 1, 1e-6);
  EXPECT_EQ(summary.bottlenecks[0].executions, 1);
}

TEST(ExecutionSummary, on_one_worker_any_stage_saves_all_it_takes) {
  const auto summary = summary_of({stage(0, {0, 3}), stage(1, {3, 5})}, 1);
  ASSERT_EQ(summary.bottlenecks.size(), 1U);
  EXPECT_NEAR(summary.bottlenecks[0].saving.count(), 3, 1e-6);
}

TEST(ExecutionSummary, no_more_than_five_bottlenecks) {
  std::vector<StageExecutionResult> chain{stage(0, {0, 1})};
  for (int id = 1; id < 9; ++id) {
    chain.push_back(stage(id, {id * 1.0, id + 1.0}, {id - 1}));
  }
  EXPECT_EQ(summary_of(chain, 1).bottlenecks.size(), 5U);
}

TEST(ExecutionSummary, retries_count_with_the_waits_between_them) {
  auto retried = stage(0, {0, 10});
  retried.duration = Seconds(1);
  retried.attempts = 3;
  const auto summary = summary_of({retried, stage(1, {0, 4})}, 2);
  EXPECT_THAT(summary.critical_path, ElementsAre(0));
  EXPECT_EQ(summary.work, Seconds(5));
}

}  // namespace
}  // namespace headway
