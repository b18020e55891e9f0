// What each stage costs the run.
#include "timing/stage_savings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace headway {
namespace {

ReplayInput input(const std::vector<std::vector<int>>& needs,
                  const std::vector<double>& durations,
                  int slots) {
  ReplayInput made;
  made.graph = CsrGraph(needs);
  std::vector<TaskNeeds> tasks(needs.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    tasks[i].weight = durations[i];
  }
  made.needs = tasks;
  made.limits.slots = slots;
  return made;
}

// Every task replayed, nothing left out.
std::vector<double> by_hand(const ReplayInput& input, const std::vector<double>& durations) {
  const double run = to_seconds(replay_once(input, durations)).count();
  std::vector<double> savings;
  for (std::size_t i = 0; i < durations.size(); ++i) {
    std::vector<double> changed = durations;
    changed[i] = 0;
    savings.push_back(run - to_seconds(replay_once(input, changed)).count());
  }
  return savings;
}

TEST(StageSavings, saving_is_what_binds_and_not_what_is_long) {
  const std::vector<double> durations{1, 6, 5, 2};  // the long side and the short one
  const auto found = find_stage_savings(input({{}, {0}, {0}, {1, 2}}, durations, 2), durations, 10);
  ASSERT_EQ(found.size(), 3U);  // the short side binds nothing
  EXPECT_EQ(found[0].task, 3);
  EXPECT_DOUBLE_EQ(found[0].saving, 2);
  EXPECT_DOUBLE_EQ(found[0].saving_if_halved, 1);
  EXPECT_EQ(found[1].task, 1);
  EXPECT_NEAR(found[1].saving, 1, 1e-9);  // then the other side binds
  EXPECT_NEAR(found[1].saving_if_halved, 1, 1e-9);
  EXPECT_EQ(found[2].task, 0);
  EXPECT_NEAR(found[2].saving_if_halved, 0.5, 1e-9);
}

TEST(StageSavings, with_one_worker_every_second_counts) {
  const std::vector<double> durations{3, 4};
  const auto found = find_stage_savings(input({{}, {}}, durations, 1), durations, 10);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].task, 1);
  EXPECT_DOUBLE_EQ(found[0].saving, 4);
  EXPECT_DOUBLE_EQ(found[0].saving_if_halved, 2);
}

TEST(StageSavings, bounds_leave_out_none_of_the_best) {
  std::mt19937 random(3);
  for (int round = 0; round < 60; ++round) {
    const int size = 5 + static_cast<int>(random() % 25);
    std::vector<std::vector<int>> needs(static_cast<std::size_t>(size));
    std::vector<double> durations;
    for (int task = 0; task < size; ++task) {
      durations.push_back(1 + static_cast<double>(random() % 100));
      for (int need = 0; need < task; ++need) {
        if (random() % 6 == 0) {
          needs[static_cast<std::size_t>(task)].push_back(need);
        }
      }
    }
    const ReplayInput all = input(needs, durations, 1 + static_cast<int>(random() % 4));
    const auto found = find_stage_savings(all, durations, 3);
    std::vector<double> truth = by_hand(all, durations);
    for (const StageSaving& each : found) {
      EXPECT_DOUBLE_EQ(each.saving, truth[static_cast<std::size_t>(each.task)]);
    }
    // (savings beyond the task's own time are anomalies of list schedules: may be missed)
    for (std::size_t i = 0; i < truth.size(); ++i) {
      truth[i] = std::min(truth[i], durations[i]);
    }
    std::sort(truth.rbegin(), truth.rend());
    ASSERT_FALSE(found.empty());
    EXPECT_GE(found[0].saving + 1e-9, truth[0]) << round;
  }
}

TEST(StageSavings, nothing_to_save_gives_nothing) {
  EXPECT_TRUE(find_stage_savings(input({}, {}, 1), {}, 5).empty());
  const std::vector<double> zero{0, 0};
  EXPECT_TRUE(find_stage_savings(input({{}, {0}}, zero, 1), zero, 5).empty());
  const std::vector<double> one{5};
  EXPECT_TRUE(find_stage_savings(input({{}}, one, 1), one, 0).empty());
}

}  // namespace
}  // namespace headway
