// Tests of EarlierRuns: counting, ageing, likeness.
#include "timing/earlier_runs.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

// Runs of so many "part"s of that length each, the first given is the oldest.
struct Past {
  std::vector<std::string> keys;
  std::vector<PastDuration> rows;

  explicit Past(const std::vector<std::pair<int, double>>& runs) {
    for (int i = 0; i < 1000; ++i) {
      keys.push_back("part" + std::to_string(i));
    }
    for (std::size_t run = 0; run < runs.size(); ++run) {
      for (int i = 0; i < runs[run].first; ++i) {
        rows.push_back({keys[static_cast<std::size_t>(i)],
                        "part",
                        static_cast<std::int64_t>(run),
                        runs[run].second});
      }
    }
  }
};

std::vector<PlannedTask> parts(int count) {
  return std::vector<PlannedTask>(static_cast<std::size_t>(count), {"p", "part"});
}

TEST(EarlierRuns, weights_sum_up_to_one_and_newer_runs_weigh_more) {
  const Past past({{3, 10}, {3, 10}, {3, 10}});
  const EarlierRuns runs(parts(3), past.rows);
  EXPECT_NEAR(runs.weight(0) + runs.weight(1) + runs.weight(2), 1, 1e-12);
  EXPECT_GT(runs.weight(0), runs.weight(2));
  EXPECT_EQ(runs.count(0, runs.kind_of(0)), 3);
}

TEST(EarlierRuns, runs_without_an_order_are_equally_old) {
  const Past past({{3, 10}, {3, 10}});
  const EarlierRuns runs(parts(3), past.rows, 0);
  EXPECT_DOUBLE_EQ(runs.weight(0), runs.weight(1));
}

TEST(EarlierRuns, where_size_tells_the_duration_runs_of_the_same_size_count) {
  const Past past({{10, 1}, {100, 50}, {10, 1.05}, {100, 52}, {10, 0.95}, {100, 51}});
  const EarlierRuns runs(parts(100), past.rows, 0);
  EXPECT_GT(runs.weight(0) + runs.weight(2) + runs.weight(4), 0.95);  // (0 is the newest)
}

TEST(EarlierRuns, where_size_tells_nothing_all_count_alike) {
  const Past past({{10, 1}, {12, 50}, {10, 48}, {12, 1.1}, {10, 1.2}, {12, 49}});
  const EarlierRuns runs(parts(10), past.rows, 0);
  EXPECT_NEAR(runs.weight(0), runs.weight(1), 1e-6);
}

TEST(EarlierRuns, old_runs_and_senseless_durations_are_left_out) {
  std::vector<std::pair<int, double>> many(50, {1, 10.0});
  many.push_back({1, -1.0});
  const Past past(many);
  EXPECT_EQ(EarlierRuns(parts(1), past.rows).runs(), EarlierRuns::kMostRuns);
  EXPECT_EQ(EarlierRuns(parts(1), past.rows).rows().size(), EarlierRuns::kMostRuns - 1);
}

TEST(EarlierRuns, zero_is_a_duration) {
  const Past past({{1, 0.0}});
  ASSERT_EQ(EarlierRuns(parts(1), past.rows).rows().size(), 1U);
  EXPECT_EQ(EarlierRuns(parts(1), past.rows).rows()[0].level, log_seconds(0.001));
}

}  // namespace
}  // namespace headway
