// Quantiles with weights.
#include "timing/weighted_quantile.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

TEST(WeightedQuantile, of_equal_weights_is_the_usual_one) {
  std::vector<WeightedValue> samples{{30}, {10}, {20}};
  EXPECT_DOUBLE_EQ(weighted_quantile(samples, 0.5), 20);
  EXPECT_DOUBLE_EQ(weighted_quantile(samples, 0), 10);
  EXPECT_DOUBLE_EQ(weighted_quantile(samples, 1), 30);
  EXPECT_DOUBLE_EQ(weighted_quantile(samples, 1.0 / 3), 15);
}

TEST(WeightedQuantile, heavy_sample_draws_it_near) {
  std::vector<WeightedValue> samples{{10, 1}, {20, 8}, {30, 1}};
  EXPECT_DOUBLE_EQ(weighted_quantile(samples, 0.5), 20);
  EXPECT_LT(weighted_quantile(samples, 0.9), 30);
  EXPECT_GT(weighted_quantile(samples, 0.9), 20);
}

TEST(WeightedQuantile, of_nothing_is_zero_and_of_one_is_that_one) {
  std::vector<WeightedValue> none;
  std::vector<WeightedValue> one{{7, 0.25}};
  EXPECT_DOUBLE_EQ(weighted_quantile(none, 0.5), 0);
  EXPECT_DOUBLE_EQ(weighted_quantile(one, 0.9), 7);
}

TEST(WeightedQuantile, effective_number_falls_where_weights_differ) {
  EXPECT_DOUBLE_EQ(effective_samples({{1, 2}, {5, 2}, {9, 2}}), 3);
  EXPECT_NEAR(effective_samples({{1, 100}, {5, 1}}), 1, 0.03);
  EXPECT_DOUBLE_EQ(effective_samples({}), 0);
}

}  // namespace
}  // namespace headway
