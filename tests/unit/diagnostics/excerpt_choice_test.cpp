// Tests of choose_blocks: which lines are shown of a log whose gains are known.
#include "diagnostics/excerpt_choice.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace headway {
namespace {

std::vector<LineGain> gains(const std::vector<double>& values) {
  std::vector<LineGain> lines;
  for (std::size_t at = 0; at < values.size(); ++at) {
    lines.push_back({.number = at + 1, .gain = values[at]});
  }
  return lines;
}

TEST(ExcerptChoice, best_block_comes_first_and_the_budget_holds) {
  const auto blocks = choose_blocks(gains({0.1, 0.2, 0.0, 0.9, 0.8, 0.0, 0.3}), 3);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].first, 4U);
  EXPECT_EQ(blocks[0].last, 5U);
  EXPECT_NEAR(blocks[0].gain, 1.7, 1e-9);
  EXPECT_EQ(blocks[1].first, 7U);
}

TEST(ExcerptChoice, line_that_is_worth_nothing_is_not_shown) {
  const auto blocks = choose_blocks(gains({0.5, 0.0, 0.5}), 3);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].first, blocks[0].last);
}

TEST(ExcerptChoice, lines_that_are_not_neighbours_never_join) {
  const auto blocks = choose_blocks(
      std::vector<LineGain>{{.number = 1, .gain = 0.5}, {.number = 9, .gain = 0.5}}, 30);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[1].first, blocks[1].last);
}

TEST(ExcerptChoice, other_place_is_shown_before_the_rest_of_the_first) {
  std::vector<double> values(400, 0.0);
  for (std::size_t at = 10; at < 40; ++at) {
    values[at] = 0.5;
  }
  values[300] = 0.35;
  const auto blocks = choose_blocks(gains(values), 30);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[1].first, 301U);
  values[300] = 0.15;  // too little, whatever the place
  EXPECT_EQ(choose_blocks(gains(values), 30).size(), 1U);
}

TEST(ExcerptChoice, nothing_is_chosen_of_nothing) {
  EXPECT_TRUE(choose_blocks({}, 30).empty());
  EXPECT_TRUE(choose_blocks(gains({0.5}), 0).empty());
}

TEST(ExcerptChoice, best_lines_of_a_long_log_are_found) {
  std::vector<double> values(50'000, 0.001);
  values[41'234] = 0.9;
  values[41'235] = 0.8;
  const auto blocks = choose_blocks(gains(values), 2);
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0].first, 41'235U);
  EXPECT_EQ(blocks[0].last, 41'236U);
}

}  // namespace
}  // namespace headway
