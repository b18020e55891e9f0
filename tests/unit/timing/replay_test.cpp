// Tests of replay_once and Replayer.
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

TEST(Replayer, every_replay_begins_anew) {
  ReplayInput now = input({{}, {0}}, 1);
  now.tasks = {{ReplayTask::State::running, 1s, {}}, {}};
  Replayer replayer(now);
  std::vector<Nanos> finish;
  EXPECT_EQ(replayer.run(std::vector<double>{3, 4}, &finish), 6s);
  EXPECT_EQ(finish, (std::vector<Nanos>{2s, 6s}));
  EXPECT_EQ(replayer.run(std::vector<double>{1, 1}), 1s);
  EXPECT_EQ(replayer.run(std::vector<double>{3, 4}), 6s);
}

}  // namespace
}  // namespace headway
