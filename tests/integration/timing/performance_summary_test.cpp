// Bottlenecks and summaries of histories that a tracker wrote.
#include "base/files.hpp"
#include "headway/timing.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

// Both kinds of history answer alike.
class PerformanceSummaryTest : public testing::TestWithParam<const char*> {
 protected:
  std::string path() const { return dir_ / GetParam(); }
  TimingTracker tracker(const std::string& lane = "standard") {
    return TimingTracker("change", lane, {.history = path()}, clock_);
  }
  // A run of stages one after another, then (where `wide`) two side by side: 40 s and 30 s.
  void run(const std::vector<Nanos>& durations, bool wide = false) {
    TimingTracker run = tracker();
    int number = 0;
    for (const Nanos& duration : durations) {
      run.start_stage(number, "stage " + std::to_string(number));
      clock_.advance(duration);
      run.complete_stage();
      ++number;
    }
    if (wide) {
      run.start_stage(10, "long");
      run.start_stage(11, "short");
      clock_.advance(30s);
      run.complete_stage(11);
      clock_.advance(10s);
      run.complete_stage(10);
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

TEST_P(PerformanceSummaryTest, chain_costs_what_its_stages_take) {
  run({10s, 50s, 20s});
  run({10s, 50s, 20s});
  const auto found = estimator().identify_bottlenecks("standard");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].stage_id, 1);
  EXPECT_NEAR(found[0].saving.count(), 50, 1e-3);
  EXPECT_NEAR(found[0].average_duration.count(), 50, 1e-3);
  EXPECT_EQ(found[0].executions, 2);
  EXPECT_EQ(found[1].stage_id, 2);
  EXPECT_EQ(found[2].stage_id, 0);
}

TEST_P(PerformanceSummaryTest, stage_beside_a_longer_one_costs_little) {
  run({10s}, true);
  const auto found = estimator().identify_bottlenecks("standard");
  ASSERT_EQ(found.size(), 2U);  // the short one binds nothing
  for (const Bottleneck& each : found) {
    EXPECT_NEAR(each.saving.count(), 10, 1e-3);  // of the long one: then the short one binds
    EXPECT_TRUE(each.stage_id == 0 || each.stage_id == 10);
  }
}

TEST_P(PerformanceSummaryTest, summary_tells_runs_bottlenecks_and_advice) {
  for (const Nanos unit : {50s, 60s, 70s}) {
    run({10s, unit}, true);
  }
  const auto summary = estimator().get_performance_summary("standard");
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->lane, "standard");
  EXPECT_EQ(summary->executions, 3);
  EXPECT_NEAR(summary->average.count(), 110, 1e-3);
  EXPECT_NEAR(summary->min.count(), 100, 1e-3);
  EXPECT_NEAR(summary->max.count(), 120, 1e-3);
  ASSERT_FALSE(summary->bottlenecks.empty());
  EXPECT_EQ(summary->bottlenecks[0].stage_id, 1);
  ASSERT_FALSE(summary->recommendations.empty());
  EXPECT_NE(summary->recommendations[0].find("'stage 1'"), std::string::npos)
      << summary->recommendations[0];
}

TEST_P(PerformanceSummaryTest, without_a_complete_run_there_is_nothing) {
  EXPECT_FALSE(estimator().get_performance_summary("standard").has_value());
  EXPECT_TRUE(estimator().identify_bottlenecks("standard").empty());
  EXPECT_FALSE(path_exists(path()));
  {
    TimingTracker failed = tracker();
    failed.start_stage(0, "stage 0");
    clock_.advance(5s);
    failed.complete_stage(StageStatus::failed);
  }
  EXPECT_FALSE(estimator().get_performance_summary("standard").has_value());
  run({5s});
  EXPECT_TRUE(estimator().get_performance_summary("standard").has_value());
  EXPECT_FALSE(estimator().get_performance_summary("heavy").has_value());
}

TEST_P(PerformanceSummaryTest, stages_of_no_length_cost_nothing) {
  run({0s, 0s});
  EXPECT_TRUE(estimator().identify_bottlenecks("standard").empty());
  const auto summary = estimator().get_performance_summary("standard");
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->average.count(), 0);
}

TEST_P(PerformanceSummaryTest, times_that_cannot_be_do_no_harm) {
  TimingTracker odd = tracker();
  StageTimingData data;
  data.stage_name = "odd";
  data.status = StageStatus::completed;
  data.duration = Seconds(1e300);
  odd.record_stage(data);
  data.stage_name = "even";
  data.duration = Seconds(-5);
  odd.record_stage(data);
  ASSERT_TRUE(odd.complete_workflow().has_value());
  for (const Bottleneck& each : estimator().identify_bottlenecks("standard")) {
    EXPECT_GE(each.saving.count(), 0);
    EXPECT_LT(each.saving.count(), 1e10);
  }
}

INSTANTIATE_TEST_SUITE_P(Histories,
                         PerformanceSummaryTest,
                         testing::Values("history.db", "history.json"));

}  // namespace
}  // namespace headway
