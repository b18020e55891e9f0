// Tests of IntervalScale.
#include "timing/interval_scale.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace headway {
namespace {

// Intervals of 80 to 125 around 100 with that outcome.
std::vector<PastInterval> outcomes(std::size_t count, double took) {
  return std::vector<PastInterval>(count, {100, 80, 125, took});
}

TEST(IntervalScale, without_outcomes_the_factor_is_the_usual_one) {
  EXPECT_NEAR(IntervalScale().factor(), IntervalScale::kUsualFactor, 1e-9);
  EXPECT_NEAR(IntervalScale(outcomes(0, 1)).factor(), IntervalScale::kUsualFactor, 0.1);
}

TEST(IntervalScale, outcomes_far_outside_widen_it_and_those_at_the_middle_narrow_it) {
  const double usual = IntervalScale(outcomes(0, 1)).factor();
  EXPECT_GT(IntervalScale(outcomes(20, 200)).factor(), 2 * usual);
  EXPECT_LT(IntervalScale(outcomes(100, 101)).factor(), usual);
}

TEST(IntervalScale, one_outcome_far_outside_changes_little) {
  const double usual = IntervalScale(outcomes(0, 1)).factor();
  EXPECT_NEAR(IntervalScale(outcomes(1, 1000)).factor(), usual, 0.25);
}

TEST(IntervalScale, stretches_about_the_median_in_logarithms) {
  const IntervalScale scale;
  EXPECT_DOUBLE_EQ(scale.widen(100, 100), 100);
  EXPECT_NEAR(scale.widen(100, 200) * scale.widen(100, 50), 10000, 1e-6);
  EXPECT_GT(scale.widen(100, 200), 200);
  EXPECT_EQ(scale.widen(0, 5), 5);
  EXPECT_EQ(scale.widen(100, 0), 0);
}

TEST(IntervalScale, senseless_outcomes_do_not_count) {
  const std::vector<PastInterval> senseless{{0, 0, 0, 1}, {100, 120, 90, 5}, {100, 80, 125, 0}};
  EXPECT_EQ(IntervalScale(senseless).factor(), IntervalScale(outcomes(0, 1)).factor());
}

TEST(IntervalScale, ends_of_the_interval_are_inside) {
  EXPECT_TRUE(is_inside({100, 80, 125, 80}));
  EXPECT_TRUE(is_inside({100, 80, 125, 125}));
  EXPECT_FALSE(is_inside({100, 80, 125, 126}));
}

}  // namespace
}  // namespace headway
