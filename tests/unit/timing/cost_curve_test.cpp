// Curves of run times over workers.
#include "timing/cost_curve.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

std::vector<CurvePoint> curve(const std::vector<std::pair<int, double>>& points) {
  std::vector<CurvePoint> made;
  for (const auto& [jobs, seconds] : points) {
    made.push_back({jobs, seconds});
  }
  return made;
}

TEST(CostCurve, knee_is_where_an_ideal_speedup_ends) {
  EXPECT_EQ(knee_of_curve(curve({{1, 80}, {2, 40}, {4, 20}, {8, 20}, {16, 20}})), 2U);
}

// Amdahl's law with a serial tenth: the knee lies near 1 + 0.9 / 0.1 workers.
TEST(CostCurve, knee_of_a_serial_tenth_is_near_nine_whatever_was_asked) {
  std::vector<CurvePoint> amdahl;
  for (int jobs = 1; jobs <= 64; ++jobs) {
    amdahl.push_back({jobs, 10 + 90.0 / jobs});
  }
  const auto knee = knee_of_curve(amdahl);
  ASSERT_TRUE(knee);
  EXPECT_EQ(amdahl[*knee].jobs, 9);
  amdahl.resize(20);
  EXPECT_EQ(amdahl[*knee_of_curve(amdahl)].jobs, 9);
}

TEST(CostCurve, work_that_does_not_run_side_by_side_has_its_knee_at_one_worker) {
  EXPECT_EQ(knee_of_curve(curve({{1, 30}, {2, 30}, {4, 30}})), 0U);
  EXPECT_EQ(knee_of_curve(curve({{4, 30}, {1, 30}, {2, 30}})), 1U);
}

TEST(CostCurve, empty_curve_and_no_time_at_all) {
  EXPECT_FALSE(knee_of_curve({}));
  EXPECT_FALSE(fastest_point({}));
  EXPECT_EQ(knee_of_curve(curve({{2, 0}, {1, 0}})), 1U);
  EXPECT_DOUBLE_EQ(speed_share({1, 0}, {2, 0}), 1);
}

TEST(CostCurve, fastest_of_equals_is_the_one_with_fewest_workers) {
  EXPECT_EQ(fastest_point(curve({{1, 9}, {2, 5.001}, {4, 5}, {8, 5.002}})), 1U);
  EXPECT_EQ(fastest_point(curve({{1, 9}, {2, 5.5}, {4, 5}})), 2U);
}

TEST(CostCurve, speed_is_a_share_of_the_best) {
  EXPECT_DOUBLE_EQ(speed_share({4, 25}, {16, 23}), 0.92);
}

TEST(CostCurve, usual_numbers_end_where_more_can_do_nothing) {
  EXPECT_EQ(usual_job_numbers(0), std::vector<int>{1});
  EXPECT_EQ(usual_job_numbers(5), (std::vector<int>{1, 2, 4, 8}));
  EXPECT_EQ(usual_job_numbers(8), (std::vector<int>{1, 2, 4, 8}));
  EXPECT_EQ(usual_job_numbers(100'000).back(), 64);
}

}  // namespace
}  // namespace headway
