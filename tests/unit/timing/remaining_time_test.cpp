// Tests of estimate_remaining: from a past and a state of a run to a median and an interval.
#include "timing/remaining_time.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace headway {
namespace {

using namespace std::chrono_literals;
using Needs = std::vector<std::vector<int>>;
using Durations = std::vector<std::pair<std::string, std::vector<double>>>;

ReplayInput input(const Needs& needs, int slots) {
  ReplayInput made;
  made.graph = CsrGraph(needs);
  made.needs = std::vector<TaskNeeds>(needs.size());
  made.limits.slots = slots;
  return made;
}

// The n-th duration of every key is of the n-th run.
DurationPrior prior_of(const std::vector<std::string_view>& keys, const Durations& history) {
  std::vector<PastDuration> past;
  for (const auto& [key, seconds] : history) {
    for (std::size_t run = 0; run < seconds.size(); ++run) {
      past.push_back({key, stage_group(key), static_cast<std::int64_t>(run), seconds[run]});
    }
  }
  return {planned_stages(keys), past};
}

RemainingEstimate estimate(const ReplayInput& now, const DurationPrior& prior) {
  return estimate_remaining(now, prior, {.replays = 200});
}

double seconds(Nanos span) {
  return to_seconds(span).count();
}

TEST(EstimateRemaining, without_history_no_number_is_made_up) {
  const RemainingEstimate none = estimate(input({{}}, 1), DurationPrior());
  EXPECT_EQ(none.confidence, 0);
  EXPECT_EQ(none.expected, 0s);
  EXPECT_EQ(none.runs, 0);
  EXPECT_FALSE(none.sla_miss_probability);
}

TEST(EstimateRemaining, one_earlier_run_is_already_good) {
  const auto prior = prior_of({"a", "b", "c"}, {{"a", {10}}, {"b", {20}}, {"c", {30}}});
  const RemainingEstimate all = estimate(input({{}, {}, {0, 1}}, 2), prior);
  EXPECT_NEAR(seconds(all.expected), 50, 5);
  EXPECT_LT(all.p10, all.expected);
  EXPECT_GT(all.p90, all.expected);
  EXPECT_EQ(all.runs, 1);
  EXPECT_DOUBLE_EQ(all.confidence, 0.5);
}

TEST(EstimateRemaining, confidence_grows_with_runs_and_falls_with_what_is_unknown) {
  const ReplayInput two = input({{}, {}}, 1);
  const auto confidence = [&two](std::size_t runs, std::string_view second) {
    const Durations history{{"a", std::vector<double>(runs, 10.0)}};
    return estimate(two, prior_of({"a", second}, history)).confidence;
  };
  EXPECT_LT(confidence(2, "a"), confidence(20, "a"));
  EXPECT_LT(confidence(20, "new"), confidence(20, "a"));
  EXPECT_GT(confidence(20, "new"), 0);
  EXPECT_LT(confidence(20, "a"), 1);
}

TEST(EstimateRemaining, same_input_gives_the_same_answer) {
  const auto prior = prior_of({"a", "b"}, {{"a", {10, 14, 9}}, {"b", {3, 4}}});
  const ReplayInput two = input({{}, {}}, 1);
  EXPECT_EQ(estimate(two, prior).expected, estimate(two, prior).expected);
  EXPECT_EQ(estimate(two, prior).p90, estimate(two, prior).p90);
}

TEST(EstimateRemaining, task_that_runs_long_is_compared_with_the_long_ones) {
  std::vector<double> mixed;
  for (int i = 0; i < 10; ++i) {
    mixed.insert(mixed.end(), {10.0, 100.0});
  }
  ReplayInput now = input({{}}, 1);
  now.tasks = {{ReplayTask::State::running, 30s, {}}};
  const double left = seconds(estimate(now, prior_of({"a"}, {{"a", mixed}})).expected);
  EXPECT_GT(left, 30);
  EXPECT_LT(left, 100);
}

TEST(EstimateRemaining, task_longer_than_ever_is_expected_a_little_longer) {
  ReplayInput now = input({{}}, 1);
  now.tasks = {{ReplayTask::State::running, 100s, {}}};
  const auto late = estimate(now, prior_of({"a"}, {{"a", {10, 11, 12}}}));
  EXPECT_GT(late.expected, 0s);
  EXPECT_LT(late.expected, 60s);
}

TEST(EstimateRemaining, slow_day_makes_the_rest_longer) {
  const std::vector<std::string_view> keys{"a", "b", "c", "d"};
  const auto prior =
      prior_of(keys, {{"a", {10, 11}}, {"b", {10, 11}}, {"c", {10, 11}}, {"d", {10, 11}}});
  ReplayInput now = input({{}, {}, {}, {0, 1, 2}}, 4);
  now.tasks.assign(4, {});
  for (std::size_t task = 0; task < 3; ++task) {
    now.tasks[task] = {ReplayTask::State::done, {}, 20s};
  }
  EXPECT_GT(seconds(estimate(now, prior).expected), 12);
}

TEST(EstimateRemaining, chance_of_missing_the_target_grows_with_what_is_left) {
  const auto prior = prior_of({"a"}, {{"a", {90, 100, 110, 95, 105}}});
  const auto chance = [&prior](Nanos deadline) {
    return *estimate_remaining(input({{}}, 1), prior, {.replays = 200, .deadline = deadline})
                .sla_miss_probability;
  };
  EXPECT_LT(chance(200s), 0.05);
  EXPECT_NEAR(chance(100s), 0.5, 0.25);
  EXPECT_GT(chance(50s), 0.95);
  EXPECT_EQ(chance(-1s), 1);  // it is missed already
}

TEST(EstimateRemaining, few_replays_still_make_an_interval) {
  const auto prior = prior_of({"a", "b"}, {{"a", {10, 14, 9}}, {"b", {3, 4, 5}}});
  const auto few = estimate_remaining(input({{}, {}}, 1), prior, {.replays = 5});
  EXPECT_LT(few.p10, few.expected);
  EXPECT_GT(few.p90, few.expected);
}

}  // namespace
}  // namespace headway
