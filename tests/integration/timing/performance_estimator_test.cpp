// Tests of PerformanceEstimator on histories that a tracker wrote.
#include "base/files.hpp"
#include "headway/timing.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

// Both kinds of history answer alike.
class PerformanceEstimatorTest : public testing::TestWithParam<const char*> {
 protected:
  std::string path() const { return dir_ / GetParam(); }
  TimingTracker tracker(const std::string& lane = "standard") {
    return TimingTracker("change", lane, {.history = path()}, clock_);
  }
  // A run of stages one after another.
  void run_chain(const std::vector<Nanos>& durations) {
    TimingTracker run = tracker();
    for (std::size_t i = 0; i < durations.size(); ++i) {
      run.start_stage(static_cast<int>(i), "stage " + std::to_string(i));
      clock_.advance(durations[i]);
      run.complete_stage();
    }
    ASSERT_TRUE(run.complete_workflow().has_value());
  }
  PerformanceEstimator estimator() {
    auto opened = PerformanceEstimator::open(path());
    EXPECT_TRUE(opened.has_value());
    return std::move(*opened);
  }

  TempFolder dir_;
  FakeClock clock_;
};

TEST_P(PerformanceEstimatorTest, documented_flow_tells_the_time_left) {
  // The original: 0 s.
  run_chain({10s, 20s, 30s});
  TimingTracker run = tracker();
  run.start_stage(0, "stage 0");
  clock_.advance(10s);
  run.complete_stage();
  const auto estimate = estimator().estimate_remaining_time(
      {.current_profile = run.profile(), .completed_stage_id = 0, .lane = "standard"});
  ASSERT_TRUE(estimate.has_value());
  EXPECT_NEAR(estimate->estimated.count(), 50, 5);
  EXPECT_LE(estimate->p10, estimate->estimated);
  EXPECT_GE(estimate->p90, estimate->estimated);
  EXPECT_EQ(estimate->runs, 1);
  EXPECT_GT(estimate->confidence, 0);
  EXPECT_LT(estimate->confidence, 1);
  ASSERT_EQ(estimate->stage_estimates.size(), 2U);
  EXPECT_EQ(estimate->stage_estimates[0].stage_id, 1);
  EXPECT_DOUBLE_EQ(estimate->stage_estimates[0].duration.count(), 20);
}

TEST_P(PerformanceEstimatorTest, without_history_no_number_is_made_up) {
  const auto estimate = estimator().estimate_remaining_time({});
  ASSERT_TRUE(estimate.has_value());
  EXPECT_EQ(estimate->confidence, 0);
  EXPECT_EQ(estimate->runs, 0);
  EXPECT_EQ(estimate->estimated, 0s);
  EXPECT_TRUE(estimate->stage_estimates.empty());
  EXPECT_FALSE(path_exists(path()));
}

TEST_P(PerformanceEstimatorTest, other_lanes_do_not_count) {
  run_chain({10s});
  const auto estimate = estimator().estimate_remaining_time({.lane = "docs"});
  EXPECT_EQ(estimate->confidence, 0);
}

TEST_P(PerformanceEstimatorTest, confidence_is_more_than_zero_or_one) {
  run_chain({10s});
  const double after_one = estimator().estimate_remaining_time({})->confidence;
  run_chain({10s});
  run_chain({10s});
  const auto after_three = estimator().estimate_remaining_time({});
  EXPECT_GT(after_one, 0);
  EXPECT_GT(after_three->confidence, after_one);
  EXPECT_LT(after_three->confidence, 1);
  EXPECT_EQ(after_three->runs, 3);
}

TEST_P(PerformanceEstimatorTest, running_stage_counts_with_what_is_left_of_it) {
  run_chain({10s, 20s});
  TimingTracker run = tracker();
  run.start_stage(0, "stage 0");
  clock_.advance(4s);
  const auto estimate = estimator().estimate_remaining_time({.current_profile = run.profile()});
  EXPECT_NEAR(estimate->estimated.count(), 26, 4);
  EXPECT_EQ(estimate->stage_estimates[0].status, StageStatus::running);
}

TEST_P(PerformanceEstimatorTest, completed_stage_alone_says_what_came_before_it) {
  run_chain({10s, 20s, 30s});
  const auto estimate = estimator().estimate_remaining_time({.completed_stage_id = 1});
  EXPECT_NEAR(estimate->estimated.count(), 30, 4);
}

TEST_P(PerformanceEstimatorTest, stages_beside_each_other_do_not_add_up) {
  {
    TimingTracker run = tracker();
    run.start_stage(0, "a");
    run.start_stage(1, "b");
    clock_.advance(30s);
    run.complete_stage(0);
    run.complete_stage(1);
    run.start_stage(2, "c");
    clock_.advance(10s);
    run.complete_stage(2);
  }
  EXPECT_NEAR(estimator().estimate_remaining_time({.workers = 2})->estimated.count(), 40, 6);
  EXPECT_NEAR(estimator().estimate_remaining_time({.workers = 1})->estimated.count(), 70, 8);
}

TEST_P(PerformanceEstimatorTest, average_of_a_true_zero_is_zero) {
  // The original counted it as 120 s.
  run_chain({0s, 5s});
  EXPECT_EQ(estimator().get_average_stage_time(0, "standard"), Seconds(0));
  EXPECT_EQ(estimator().get_average_stage_time(1, "standard"), Seconds(5));
  EXPECT_EQ(estimator().get_average_stage_time(9, "standard"), std::nullopt);
  EXPECT_EQ(estimator().get_average_stage_time(0, "docs"), std::nullopt);
}

TEST_P(PerformanceEstimatorTest, average_of_few_is_their_mean) {
  run_chain({4s});
  run_chain({8s});
  EXPECT_EQ(estimator().get_average_stage_time(0, "standard"), Seconds(6));
}

TEST_P(PerformanceEstimatorTest, one_outlier_rules_neither_mean_nor_estimate) {
  for (const Nanos duration : {10s, 11s, 9s, 10s, 10s, 4000s, 10s}) {
    run_chain({duration});
  }
  EXPECT_LT(estimator().get_average_stage_time(0, "standard")->count(), 12);
  EXPECT_NEAR(estimator().estimate_remaining_time({})->estimated.count(), 10, 2);
}

TEST_P(PerformanceEstimatorTest, failed_executions_do_not_count) {
  run_chain({10s});
  {
    TimingTracker run = tracker();
    run.start_stage(0, "stage 0");
    clock_.advance(500s);
    run.complete_stage(StageStatus::failed);
  }
  EXPECT_EQ(estimator().get_average_stage_time(0, "standard"), Seconds(10));
}

TEST_P(PerformanceEstimatorTest, fewer_than_one_worker_is_refused) {
  const auto estimate = estimator().estimate_remaining_time({.workers = 0});
  ASSERT_FALSE(estimate.has_value());
  EXPECT_EQ(estimate.error().code, ErrorCode::invalid_argument);
}

TEST_P(PerformanceEstimatorTest, damaged_history_is_named_and_left_as_it_is) {
  const std::string damage = "{\"profiles\": [" + std::string(4096, '?');
  ASSERT_TRUE(write_file_atomically(path(), damage, Durability::process).has_value());
  const auto opened = PerformanceEstimator::open(path());
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::parse);
  EXPECT_NE(opened.error().message.find(path()), std::string::npos);
  EXPECT_EQ(*read_file(path()), damage);
}

INSTANTIATE_TEST_SUITE_P(Histories,
                         PerformanceEstimatorTest,
                         testing::Values("history.json", "history.db"),
                         [](const auto& kind) { return std::string(kind.param).substr(8); });

}  // namespace
}  // namespace headway
