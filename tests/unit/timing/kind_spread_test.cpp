// Tests of learn_spreads: how tasks of one kind differ within a run.
#include "timing/kind_spread.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <string>

namespace headway {
namespace {

constexpr int kTasks = 60;
constexpr int kRuns = 6;

// Runs of one kind whose tasks deviate as told: by run and number.
struct Deviating {
  std::vector<std::string> keys;
  std::vector<PastDuration> past;
  std::vector<double> off;

  explicit Deviating(const std::function<double(int run, int task)>& deviation) {
    for (int task = 0; task < kTasks; ++task) {
      keys.push_back("t" + std::to_string(task));
    }
    for (int run = 0; run < kRuns; ++run) {
      for (int task = 0; task < kTasks; ++task) {
        off.push_back(deviation(run, task));
        past.push_back({keys[static_cast<std::size_t>(task)], "kind", run, std::exp(off.back())});
      }
    }
  }
  KindSpread learned() const {
    const std::vector<PlannedTask> plan(kTasks, PlannedTask{"t", "kind"});
    return learn_spreads(EarlierRuns(plan, past, 0), off).at(0);
  }
};

TEST(KindSpread, independent_deviations_are_found_as_they_are) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal(0, 0.5);
  const KindSpread spread = Deviating([&](int, int) { return normal(random); }).learned();
  EXPECT_NEAR(spread.deviation, 0.5, 0.05);
  EXPECT_LT(spread.dependence, 1.5);
  EXPECT_TRUE(spread.usual_of_key.empty());
  EXPECT_TRUE(std::is_sorted(spread.quantiles.begin(), spread.quantiles.end()));
  EXPECT_NEAR(spread.quantiles.front(), -spread.quantiles.back(), 0.5);
}

TEST(KindSpread, neighbours_that_deviate_alike_count_as_fewer) {
  std::mt19937 random(2);
  std::normal_distribution<double> normal(0, 0.5);
  double now = 0;
  const KindSpread spread = Deviating([&](int, int task) {
                              if (task % 6 == 0) {
                                now = normal(random);
                              }
                              return now;
                            }).learned();
  EXPECT_GT(spread.dependence, 3);
}

TEST(KindSpread, task_that_is_always_slow_is_known_to_be) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal(0, 0.1);
  const Deviating tasks(  // whose keys the spread names
      [&](int, int task) { return (task % 2 == 0 ? 1 : -1) + normal(random); });
  const KindSpread spread = tasks.learned();
  ASSERT_TRUE(spread.usual_of_key.contains("t4"));
  EXPECT_NEAR(spread.usual_of_key.at("t4"), 1, 0.15);
  EXPECT_NEAR(spread.usual_of_key.at("t5"), -1, 0.15);
  EXPECT_LT(spread.deviation, 0.3);  // the rest is luck
}

TEST(KindSpread, kind_of_one_task_deviates_next_to_nothing_within_a_run) {
  const std::vector<PastDuration> past{{"a", "a", 1, 10}, {"a", "a", 2, 12}};
  const std::vector<PlannedTask> plan{{"a", "a"}};
  const KindSpread spread = learn_spreads(EarlierRuns(plan, past), {0, 0}).at(0);
  EXPECT_LT(spread.deviation, 0.05);
  EXPECT_EQ(spread.freedom, 0);
  EXPECT_FALSE(spread.quantiles.empty());
}

TEST(KindSpread, quantiles_follow_the_weights) {
  std::vector<WeightedValue> seen;
  for (int i = 0; i < 10; ++i) {
    seen.push_back({static_cast<double>(i), i < 5 ? 9.0 : 1.0});
  }
  const std::vector<double> quantiles = deviation_quantiles(seen, 1);
  EXPECT_EQ(quantiles.size(), 16U);
  EXPECT_LE(quantiles[12], 4);
  EXPECT_GE(quantiles[15], 8);
  std::vector<WeightedValue> few{{1, 1}};
  EXPECT_NEAR(deviation_quantiles(few, 2).back(), 2 * 1.8627, 1e-9);
}

}  // namespace
}  // namespace headway
