// Trends of short noisy series.
#include "timing/trend.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace headway {
namespace {

TEST(Trend, few_values_say_nothing) {
  EXPECT_EQ(trend_of({}).direction, Direction::unknown);
  EXPECT_EQ(trend_of(std::vector<double>{1, 2, 3, 4, 5, 6, 7}).direction, Direction::unknown);
}

TEST(Trend, rise_and_fall_are_told_with_their_slope) {
  std::vector<double> values;
  for (int i = 0; i < 20; ++i) {
    values.push_back(100 + i + (i % 2 == 0 ? 0.4 : -0.4));
  }
  const Trend up = trend_of(values);
  EXPECT_EQ(up.direction, Direction::rising);
  EXPECT_NEAR(up.percent_per_step, 100 / 109.5, 0.05);
  EXPECT_LT(up.p_value, 1e-6);
  EXPECT_EQ(trend_of(std::vector<double>(values.rbegin(), values.rend())).direction,
            Direction::falling);
}

TEST(Trend, one_outlier_makes_no_trend) {
  std::vector<double> values(20, 10);
  values.back() = 1000;
  EXPECT_EQ(trend_of(values).direction, Direction::steady);
}

TEST(Trend, noise_makes_a_trend_as_seldom_as_promised) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(10, 2);
  int false_alarms = 0;
  for (int series = 0; series < 1000; ++series) {
    std::vector<double> values(30);
    for (double& value : values) {
      value = noise(random);
    }
    false_alarms += trend_of(values).direction == Direction::steady ? 0 : 1;
  }
  EXPECT_LT(false_alarms, 70);
  EXPECT_GT(false_alarms, 20);  // (a test that never speaks is none)
}

TEST(Trend, significant_but_small_is_steady) {
  std::vector<double> values;
  for (int i = 0; i < 20; ++i) {
    values.push_back(1000 + i);
  }
  EXPECT_LT(trend_of(values).p_value, 1e-6);
  EXPECT_EQ(trend_of(values).direction, Direction::steady);
}

// (Known by hand: 8 values in order, S = 28, variance 65.333, z = 3.3403, p = 0.000837.)
TEST(Trend, p_value_is_that_of_the_books) {
  EXPECT_NEAR(trend_of(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}).p_value, 0.000837, 2e-6);
}

TEST(Trend, zeros_and_values_that_are_none_do_no_harm) {
  EXPECT_EQ(trend_of(std::vector<double>(10, 0)).direction, Direction::steady);
  std::vector<double> values(10, 5);
  values[3] = std::numeric_limits<double>::quiet_NaN();
  values[4] = HUGE_VAL;
  EXPECT_EQ(trend_of(values).direction, Direction::steady);
  EXPECT_EQ(trend_of(values).p_value, 1);
}

}  // namespace
}  // namespace headway
