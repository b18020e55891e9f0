// What-if answers: exact where the durations are, and honest bounds.
#include "timing/what_if.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace headway {
namespace {

using namespace std::chrono_literals;

Workload exact(std::vector<std::vector<int>> needs, std::vector<double> seconds) {
  Workload made;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    made.keys.push_back("t" + std::to_string(i));
    made.tasks.emplace_back();
    made.tasks.back().weight = seconds[i];
  }
  made.needs = std::move(needs);
  made.exact = std::move(seconds);
  return made;
}

// The same with histories: every stage one run per value, newest first.
Workload recorded(std::vector<std::vector<int>> needs,
                  const std::vector<std::vector<double>>& seconds) {
  Workload made = exact(std::move(needs), std::vector<double>(seconds.size(), 1));
  made.exact.clear();
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    std::vector<StageSample> samples;
    for (const double each : seconds[i]) {
      StageSample sample;
      sample.duration = Seconds(each);
      sample.run = 1000 - static_cast<std::int64_t>(samples.size());
      samples.push_back(sample);
    }
    if (!samples.empty()) {
      made.history.emplace_back(made.keys[i], samples);
    }
  }
  return made;
}

const std::vector<std::vector<int>> kDiamond{{}, {0}, {0}, {1, 2}};

TEST(WhatIf, exact_durations_give_exact_answers) {
  const Workload workload = exact(kDiamond, {1, 2, 5, 1});
  const WhatIf ask(workload);
  EXPECT_EQ(ask.ask({.slots = 1}).expected, 9s);
  EXPECT_EQ(ask.ask({.slots = 2}).expected, 7s);
  EXPECT_EQ(ask.ask({.slots = 2}).p10, 7s);
  EXPECT_EQ(ask.ask({.slots = 2}).p90, 7s);
  EXPECT_EQ(ask.critical_path(), 7s);
  EXPECT_EQ(ask.work(), 9s);
}

TEST(WhatIf, lower_bound_is_the_path_or_the_work_over_the_workers) {
  const Workload workload = exact({{}, {}, {}, {}}, {3, 3, 3, 3});
  const WhatIf ask(workload);
  EXPECT_EQ(ask.ask({.slots = 1}).lower_bound, 12s);
  EXPECT_EQ(ask.ask({.slots = 2}).lower_bound, 6s);
  EXPECT_EQ(ask.ask({.slots = 3}).lower_bound, 4s);
  EXPECT_EQ(ask.ask({.slots = 3}).expected, 6s);
  EXPECT_EQ(ask.ask({.slots = 64}).lower_bound, 3s);
}

TEST(WhatIf, durations_that_binary_fractions_miss_stay_exact_to_the_nanosecond) {
  const Workload workload = exact({{}, {0}, {1}}, {55.957, 0.1, 0.7});
  EXPECT_EQ(WhatIf(workload).ask({.slots = 1}).expected, Nanos(56'757'000'000));
}

TEST(WhatIf, memory_limits_what_runs_side_by_side) {
  Workload workload = exact({{}, {}}, {4, 4});
  workload.tasks[0].memory_bytes = 3;
  workload.tasks[1].memory_bytes = 3;
  const WhatIf ask(workload);
  EXPECT_EQ(ask.ask({.slots = 2, .memory_bytes = 6}).expected, 4s);
  EXPECT_EQ(ask.ask({.slots = 2, .memory_bytes = 5}).expected, 8s);
}

TEST(WhatIf, faster_task_shortens_the_run_as_far_as_it_binds) {
  Workload workload = exact(kDiamond, {1, 2, 5, 1});
  make_faster(workload, 2, 5);
  EXPECT_EQ(WhatIf(workload).ask({.slots = 2}).expected, 4s);
}

TEST(WhatIf, dropped_need_lets_tasks_overlap) {
  Workload workload = exact({{}, {0}}, {3, 4});
  EXPECT_FALSE(drop_need(workload, 0, 1));
  ASSERT_TRUE(drop_need(workload, 1, 0));
  EXPECT_FALSE(drop_need(workload, 1, 0));
  EXPECT_EQ(WhatIf(workload).ask({.slots = 2}).expected, 4s);
}

TEST(WhatIf, history_gives_an_interval_around_a_median) {
  const Workload workload = recorded({{}, {0}}, {{10, 11, 9, 10, 10}, {5, 5, 6, 4, 5}});
  const WhatIfAnswer answer = WhatIf(workload).ask({.slots = 1});
  EXPECT_NEAR(to_seconds(answer.expected).count(), 15, 1.5);
  EXPECT_LT(answer.p10, answer.expected);
  EXPECT_GT(answer.p90, answer.expected);
  EXPECT_EQ(answer.runs, 5);
  EXPECT_GT(answer.confidence, 0.5);
}

// Skewed durations: the median of sums is not the sum of medians, and the bound must know it.
TEST(WhatIf, nothing_expected_is_below_its_bound) {
  std::vector<std::vector<int>> needs;
  std::vector<std::vector<double>> seconds;
  for (int i = 0; i < 12; ++i) {
    needs.push_back(i < 4 ? std::vector<int>{} : std::vector<int>{i - 4});
    seconds.push_back({1, 1, 1, 40, 1, 30.0 + i, 2});
  }
  const Workload workload = recorded(needs, seconds);
  const WhatIf ask(workload);
  for (const int slots : {1, 2, 3, 4, 8}) {
    const WhatIfAnswer answer = ask.ask({.slots = slots});
    EXPECT_GE(answer.expected, answer.lower_bound) << slots;
    EXPECT_LE(to_seconds(answer.expected).count(),
              2 * to_seconds(answer.lower_bound).count() + 1e-6);  // Graham 1969
  }
}

TEST(WhatIf, faster_stage_of_a_history_scales_its_distribution) {
  Workload workload = recorded({{}, {0}}, {{10, 10, 10}, {20, 20, 20}});
  make_faster(workload, 1, 4);
  EXPECT_NEAR(to_seconds(WhatIf(workload).ask({.slots = 1}).expected).count(), 15, 2);
}

TEST(WhatIf, stage_that_never_ran_borrows_and_can_be_made_faster_still) {
  Workload workload = recorded({{}, {0}}, {{10, 10, 10}, {}});
  EXPECT_EQ(WhatIf(workload).unknown_tasks(), 1);
  make_faster(workload, 1, 10);
  EXPECT_NEAR(to_seconds(WhatIf(workload).ask({.slots = 1}).expected).count(), 11, 2);
}

TEST(WhatIf, without_history_no_number_is_made_up) {
  const Workload workload = recorded({{}, {0}}, {{}, {}});
  const WhatIfAnswer answer = WhatIf(workload).ask({.slots = 2});
  EXPECT_EQ(answer.confidence, 0);
  EXPECT_EQ(answer.expected, 0s);
}

TEST(WhatIf, tasks_of_no_length_and_no_tasks_take_no_time) {
  const Workload zero = exact(kDiamond, {0, 0, 0, 0});
  EXPECT_EQ(WhatIf(zero).ask({.slots = 4}).expected, 0s);
  const Workload none;
  EXPECT_EQ(WhatIf(none).ask({.slots = 4}).expected, 0s);
}

TEST(WhatIf, nonsense_and_centuries_do_not_overflow) {
  const double century = 3e9;
  const Workload ages = exact({{}, {0}, {1}, {2}, {3}}, std::vector<double>(5, century));
  const WhatIfAnswer answer = WhatIf(ages).ask({.slots = 1});
  EXPECT_GT(to_seconds(answer.expected).count(), 9e9);  // saturates at what a span can hold
  const Workload three = exact({{}, {0}}, {century, century});
  EXPECT_NEAR(to_seconds(WhatIf(three).ask({.slots = 1}).expected).count(), 6e9, 1);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Workload bad = recorded({{}, {0}}, {{nan, 1e300, -5}, {HUGE_VAL, nan, 1e18}});
  const WhatIfAnswer bounded = WhatIf(bad).ask({.slots = 1});
  EXPECT_GE(bounded.p90, bounded.p10);
  EXPECT_GE(bounded.p10, 0s);
}

}  // namespace
}  // namespace headway
