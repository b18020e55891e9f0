// Cycles among stages.
#include "model/graph_check.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using Needs = std::vector<std::vector<int>>;

std::vector<Stage> stages_with(const Needs& needs) {
  std::vector<Stage> stages(needs.size());
  for (std::size_t i = 0; i < needs.size(); ++i) {
    stages[i].needs = needs[i];
  }
  return stages;
}

Needs cycles_of(const Needs& needs) {
  return find_cycles(stages_with(needs));
}

TEST(FindCycles, diamond_has_none) {
  EXPECT_TRUE(cycles_of({{}, {0}, {0}, {1, 2}}).empty());
}

TEST(FindCycles, nothing_has_none) {
  EXPECT_TRUE(cycles_of({}).empty());
}

TEST(FindCycles, stage_that_needs_itself_is_a_cycle_of_one) {
  EXPECT_EQ(cycles_of({{}, {1}}), (Needs{{1}}));
}

TEST(FindCycles, cycle_begins_with_its_lowest_stage_and_follows_needs) {
  EXPECT_EQ(cycles_of({{}, {3}, {1}, {2, 0}}), (Needs{{1, 3, 2}}));
}

TEST(FindCycles, set_of_stages_is_told_once_by_its_shortest_cycle) {
  // 0 -> 1 -> 2 -> 0, and 1 -> 0 as well.
  EXPECT_EQ(cycles_of({{1}, {2, 0}, {0}}), (Needs{{0, 1}}));
}

TEST(FindCycles, separate_cycles_are_told_separately) {
  EXPECT_EQ(cycles_of({{1}, {0}, {0, 3}, {2}}), (Needs{{0, 1}, {2, 3}}));
}

TEST(FindCycles, stage_behind_a_cycle_is_not_part_of_it) {
  EXPECT_EQ(cycles_of({{1}, {2}, {1}}), (Needs{{1, 2}}));
}

TEST(FindCycles, chain_of_a_hundred_thousand_needs_no_stack) {
  Needs needs(100'000);
  for (std::size_t i = 0; i + 1 < needs.size(); ++i) {
    needs[i] = {static_cast<int>(i) + 1};
  }
  EXPECT_TRUE(cycles_of(needs).empty());
  needs.back() = {0};
  ASSERT_EQ(cycles_of(needs).size(), 1U);
  EXPECT_EQ(cycles_of(needs)[0].size(), needs.size());
}

}  // namespace
}  // namespace headway
