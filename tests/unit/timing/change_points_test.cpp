// Tests of find_change_points(), find_level_shifts() and the robust measures.
#include "timing/change_points.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace headway {
namespace {

// `count` values around `level`; the same for the same seed.
std::vector<double> noisy(int count, double level, double deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(level, deviation);
  std::vector<double> values;
  for (int i = 0; i < count; ++i) {
    values.push_back(noise(random));
  }
  return values;
}

std::vector<double> joined(std::vector<double> first, const std::vector<double>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

TEST(ChangePoints, nothing_in_no_values_few_values_and_equal_values) {
  EXPECT_TRUE(find_change_points({}).empty());
  EXPECT_TRUE(find_change_points(std::vector<double>{1, 1, 1, 9, 9, 9}).empty());
  EXPECT_TRUE(find_change_points(std::vector<double>(64, 3.0)).empty());
}

TEST(ChangePoints, clear_step_is_found_where_it_is) {
  const auto points = find_change_points(joined(noisy(20, 10, 0.2, 1), noisy(8, 12, 0.2, 2)));
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].at, 20U);
  EXPECT_LE(points[0].p_value, 0.001);
  EXPECT_GT(points[0].p_value, 0);
}

TEST(ChangePoints, two_steps_are_both_found) {
  const auto values =
      joined(joined(noisy(15, 10, 0.2, 1), noisy(12, 14, 0.2, 2)), noisy(10, 10, 0.2, 3));
  const auto points = find_change_points(values);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].at, 15U);
  EXPECT_EQ(points[1].at, 27U);
}

TEST(ChangePoints, step_of_a_coarse_clock_is_found) {
  const auto points =
      find_change_points(joined(std::vector<double>(20, 3.0), std::vector<double>(6, 4.0)));
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].at, 20U);
}

TEST(ChangePoints, one_outlier_is_no_change_however_large) {
  for (std::size_t at = 0; at < 30; ++at) {
    auto values = noisy(30, 10, 0.2, 5);
    values[at] = 1e9;
    EXPECT_TRUE(find_change_points(values).empty()) << at;
  }
}

TEST(ChangePoints, same_values_give_the_same_answer) {
  const auto values = joined(noisy(30, 10, 1, 1), noisy(9, 12, 1, 2));
  const auto once = find_change_points(values);
  const auto again = find_change_points(values);
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].at, again[i].at);
    EXPECT_EQ(once[i].p_value, again[i].p_value);
  }
}

// Property: other units change nothing.
TEST(ChangePoints, scale_and_offset_do_not_matter) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const auto values = joined(noisy(25, 10, 1, seed), noisy(8, 11.5, 1, seed + 100));
    auto moved = values;
    for (double& value : moved) {
      value = 1000 * value - 7;
    }
    const auto plain = find_change_points(values);
    const auto scaled = find_change_points(moved);
    ASSERT_EQ(plain.size(), scaled.size()) << seed;
    for (std::size_t i = 0; i < plain.size(); ++i) {
      EXPECT_EQ(plain[i].at, scaled[i].at);
      EXPECT_EQ(plain[i].p_value, scaled[i].p_value);
    }
  }
}

// Property: noise alone is a change about as rarely as it should be (0.65 % of the series).
TEST(ChangePoints, noise_is_hardly_ever_a_change) {
  int found = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    found += find_change_points(noisy(40, 10, 1, seed)).empty() ? 0 : 1;
  }
  EXPECT_LE(found, 9);
}

TEST(LevelShifts, level_before_and_after_are_told) {
  const auto shifts = find_level_shifts(joined(noisy(20, 10, 0.2, 1), noisy(8, 12, 0.2, 2)));
  ASSERT_EQ(shifts.size(), 1U);
  EXPECT_EQ(shifts[0].begin, 0U);
  EXPECT_EQ(shifts[0].end, 28U);
  EXPECT_NEAR(shifts[0].before, 10, 0.2);
  EXPECT_NEAR(shifts[0].after, 12, 0.2);
}

TEST(LevelShifts, change_begins_where_it_is_seen_and_takes_five_values_from_there) {
  for (std::size_t seen = 3; seen <= 8; ++seen) {
    auto values = noisy(15, 2, 0.02, 9);
    values.insert(values.end(), seen, 5.0);
    const auto shifts = find_level_shifts(values, {.least_shift = 0.5});
    ASSERT_EQ(shifts.size(), seen >= 5 ? 1U : 0U) << seen;
    if (!shifts.empty()) {
      EXPECT_EQ(shifts[0].at, 15U) << seen;
    }
  }
}

TEST(LevelShifts, small_change_is_not_told_however_sure) {
  const auto values = joined(noisy(20, 10, 0.01, 1), noisy(8, 10.2, 0.01, 2));
  EXPECT_EQ(find_level_shifts(values).size(), 1U);
  EXPECT_TRUE(find_level_shifts(values, {.least_shift = 0.5}).empty());
}

TEST(LevelShifts, of_a_change_that_was_undone_the_undoing_is_told) {
  const auto slow = joined(noisy(15, 10, 0.2, 1), noisy(12, 14, 0.2, 2));
  EXPECT_EQ(find_level_shifts(slow).size(), 1U);
  const auto undone = find_level_shifts(joined(slow, noisy(10, 10, 0.2, 3)));
  ASSERT_EQ(undone.size(), 1U);
  EXPECT_LT(undone[0].after, undone[0].before);
}

TEST(LevelShifts, change_whose_newest_values_are_back_is_not_told) {
  const auto slow = joined(noisy(15, 10, 0.2, 1), noisy(12, 14, 0.2, 2));
  EXPECT_TRUE(find_level_shifts(joined(slow, noisy(3, 10, 0.2, 3))).empty());
  EXPECT_EQ(find_level_shifts(joined(slow, noisy(1, 10, 0.2, 3))).size(), 1U);
}

TEST(LevelShifts, change_undone_in_part_is_told_while_half_of_it_stands) {
  const auto slow = joined(noisy(15, 10, 0.2, 1), noisy(12, 14, 0.2, 2));
  const auto partly = find_level_shifts(joined(slow, noisy(10, 13, 0.2, 3)));
  ASSERT_EQ(partly.size(), 2U);
  EXPECT_GT(partly[0].after, partly[0].before);
  EXPECT_LT(partly[1].after, partly[1].before);
  EXPECT_EQ(find_level_shifts(joined(slow, noisy(10, 11, 0.2, 3))).size(), 1U);  // the fall alone
}

TEST(RobustMeasures, outliers_hardly_move_them) {
  const std::vector<double> values{10, 11, 9, 10, 12, 8, 1000};
  EXPECT_NEAR(hodges_lehmann(values), 10, 1.01);
  EXPECT_EQ(median_of(values), 10);
  EXPECT_NEAR(robust_deviation(values), 1.4826, 1e-9);
}

TEST(RobustMeasures, none_of_nothing) {
  EXPECT_EQ(hodges_lehmann({}), 0);
  EXPECT_EQ(median_of({}), 0);
  EXPECT_EQ(robust_deviation({}), 0);
  EXPECT_EQ(superiority({}, std::vector<double>{1}), 0.5);
}

TEST(RobustMeasures, superiority_counts_pairs_and_halves_ties) {
  const std::vector<double> before{1, 2, 3};
  EXPECT_EQ(superiority(before, std::vector<double>{4, 5}), 1);
  EXPECT_EQ(superiority(before, std::vector<double>{0}), 0);
  EXPECT_EQ(superiority(before, std::vector<double>{2}), 0.5);
}

}  // namespace
}  // namespace headway
