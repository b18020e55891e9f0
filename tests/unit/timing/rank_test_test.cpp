// The test of Mann and Whitney.
#include "timing/rank_test.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace headway {
namespace {

// (By hand: U = 0, mean 12.5, variance 22.9167, z = 12 / 4.7871 = 2.5067.)
TEST(RankTest, p_value_is_that_of_the_books) {
  const std::vector<double> low{1, 2, 3, 4, 5};
  const std::vector<double> high{6, 7, 8, 9, 10};
  EXPECT_NEAR(rank_test_p(low, high), 0.01219, 1e-4);
  EXPECT_DOUBLE_EQ(rank_test_p(low, high), rank_test_p(high, low));
}

TEST(RankTest, equal_or_missing_values_show_no_difference) {
  const std::vector<double> same(6, 4);
  EXPECT_EQ(rank_test_p(same, same), 1);
  EXPECT_EQ(rank_test_p({}, same), 1);
  EXPECT_EQ(rank_test_p({}, {}), 1);
  const std::vector<double> mixed{1, 9, 2, 8, 3};
  EXPECT_GT(rank_test_p(mixed, std::vector<double>{2, 7, 3, 9, 1}), 0.5);
}

}  // namespace
}  // namespace headway
