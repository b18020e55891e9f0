// Tests of replay_once and estimate_remaining.
#include "timing/replay.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;
using Needs = std::vector<std::vector<int>>;

ReplayInput input(const Needs& needs, int slots) {
  ReplayInput made;
  made.graph = CsrGraph(needs);
  made.needs = std::vector<TaskNeeds>(needs.size());
  made.limits.slots = slots;
  return made;
}

DurationModel model_of(const std::vector<std::pair<std::string, std::vector<double>>>& history) {
  std::vector<std::pair<std::string, std::vector<StageSample>>> samples;
  for (const auto& [key, seconds] : history) {
    samples.emplace_back(key, 0);
    for (const double duration : seconds) {
      StageSample sample;
      sample.duration = Seconds(duration);
      sample.run = -static_cast<std::int64_t>(samples.back().second.size());
      samples.back().second.push_back(sample);
    }
  }
  return DurationModel(samples);
}

double seconds(Nanos span) {
  return to_seconds(span).count();
}

TEST(Replay, makespan_is_that_of_the_real_scheduler) {
  std::vector<Nanos> finish;
  const ReplayInput diamond = input({{}, {0}, {0}, {1, 2}}, 2);
  EXPECT_EQ(replay_once(diamond, std::vector<double>{1, 2, 5, 1}, &finish), 7s);
  EXPECT_EQ(finish, (std::vector<Nanos>{1s, 3s, 6s, 7s}));
  EXPECT_EQ(replay_once(input({{}, {0}, {0}, {1, 2}}, 1), std::vector<double>{1, 2, 5, 1}), 9s);
}

TEST(Replay, empty_graph_takes_no_time) {
  EXPECT_EQ(replay_once(input({}, 1), {}), 0s);
}

TEST(Replay, running_and_done_tasks_are_taken_into_account) {
  ReplayInput now = input({{}, {0}, {1}}, 1);
  now.tasks = {{ReplayTask::State::done, {}, {}}, {ReplayTask::State::running, 3s, {}}, {}};
  EXPECT_EQ(replay_once(now, std::vector<double>{9, 5, 4}), 6s);
  EXPECT_EQ(replay_once(now, std::vector<double>{9, 2, 4}), 4s);  // longer than it should: ends now
}

TEST(Replay, locks_and_budgets_count) {
  ReplayInput locked = input({{}, {}}, 2);
  TaskNeeds with_lock;
  with_lock.locks = {0};
  locked.needs = std::vector<TaskNeeds>(2, with_lock);
  EXPECT_EQ(replay_once(locked, std::vector<double>{1, 1}), 2s);
  ReplayInput large = input({{}, {}}, 2);
  TaskNeeds with_memory;
  with_memory.memory_bytes = 60;
  large.needs = std::vector<TaskNeeds>(2, with_memory);
  large.limits.memory_bytes = 100;
  EXPECT_EQ(replay_once(large, std::vector<double>{1, 1}), 2s);
}

TEST(Replay, timeout_bounds_what_a_task_takes) {
  ReplayInput one = input({{}}, 1);
  TaskNeeds with_timeout;
  with_timeout.timeout = 3s;
  one.needs = std::vector<TaskNeeds>(1, with_timeout);
  EXPECT_EQ(replay_once(one, std::vector<double>{50}), 3s);
}

TEST(Replay, senseless_durations_count_as_nothing_or_very_long) {
  EXPECT_EQ(replay_once(input({{}}, 1), std::vector<double>{-5}), 0s);
  EXPECT_GT(replay_once(input({{}}, 1), std::vector<double>{1e300}), 10000h);
}

TEST(EstimateRemaining, without_history_no_number_is_made_up) {
  const RemainingEstimate estimate =
      estimate_remaining(input({{}}, 1), {"build"}, DurationModel(), 20);
  EXPECT_EQ(estimate.confidence, 0);
  EXPECT_EQ(estimate.expected, 0s);
  EXPECT_EQ(estimate.runs, 0);
}

TEST(EstimateRemaining, one_earlier_run_is_already_good) {
  const auto model = model_of({{"a", {10}}, {"b", {20}}, {"c", {30}}});
  const RemainingEstimate estimate =
      estimate_remaining(input({{}, {}, {0, 1}}, 2), {"a", "b", "c"}, model, 200);
  EXPECT_NEAR(seconds(estimate.expected), 50, 5);
  EXPECT_LT(estimate.p10, estimate.expected);
  EXPECT_GT(estimate.p90, estimate.expected);
  EXPECT_EQ(estimate.runs, 1);
  EXPECT_DOUBLE_EQ(estimate.confidence, 0.5);
}

TEST(EstimateRemaining, confidence_grows_with_runs_and_falls_with_what_is_unknown) {
  const auto few = model_of({{"a", {10, 10}}});
  const auto many = model_of({{"a", std::vector<double>(20, 10.0)}});
  const ReplayInput two = input({{}, {}}, 1);
  const auto confidence = [&two](const DurationModel& model, std::string_view second) {
    return estimate_remaining(two, {"a", second}, model, 10).confidence;
  };
  EXPECT_LT(confidence(few, "a"), confidence(many, "a"));
  EXPECT_LT(confidence(many, "new"), confidence(many, "a"));
  EXPECT_GT(confidence(many, "new"), 0);
  EXPECT_LT(confidence(many, "a"), 1);
}

TEST(EstimateRemaining, same_input_gives_the_same_answer) {
  const auto model = model_of({{"a", {10, 14, 9}}, {"b", {3, 4}}});
  const ReplayInput two = input({{}, {}}, 1);
  const auto first = estimate_remaining(two, {"a", "b"}, model, 30);
  const auto second = estimate_remaining(two, {"a", "b"}, model, 30);
  EXPECT_EQ(first.expected, second.expected);
  EXPECT_EQ(first.p90, second.p90);
}

TEST(EstimateRemaining, task_that_runs_long_is_compared_with_the_long_ones) {
  std::vector<double> mixed(10, 10.0);
  mixed.insert(mixed.end(), 10, 100.0);
  const auto model = model_of({{"a", mixed}});
  ReplayInput now = input({{}}, 1);
  now.tasks = {{ReplayTask::State::running, 30s, {}}};
  const auto estimate = estimate_remaining(now, {"a"}, model, 100);
  EXPECT_NEAR(seconds(estimate.expected), 70, 15);
}

TEST(EstimateRemaining, task_longer_than_ever_is_expected_a_little_longer) {
  const auto model = model_of({{"a", {10, 11, 12}}});
  ReplayInput now = input({{}}, 1);
  now.tasks = {{ReplayTask::State::running, 100s, {}}};
  const auto estimate = estimate_remaining(now, {"a"}, model, 100);
  EXPECT_GT(estimate.expected, 0s);
  EXPECT_LT(estimate.expected, 30s);
}

TEST(EstimateRemaining, slow_day_makes_the_rest_longer) {
  const auto model = model_of({{"a", {10, 10}}, {"b", {10, 10}}});
  ReplayInput now = input({{}, {}, {}, {0, 1, 2}}, 4);
  const std::vector<std::string_view> keys{"a", "a", "a", "b"};
  now.tasks.assign(4, {});
  for (int task = 0; task < 3; ++task) {
    now.tasks[static_cast<std::size_t>(task)] = {ReplayTask::State::done, {}, 20s};
  }
  EXPECT_GT(seconds(estimate_remaining(now, keys, model, 100).expected), 12);
}

}  // namespace
}  // namespace headway
