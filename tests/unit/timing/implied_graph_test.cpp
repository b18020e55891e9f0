// Tests of implied_needs.
#include "timing/implied_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace headway {
namespace {

std::vector<StageTimingData> stages(const std::vector<std::pair<double, double>>& spans) {
  std::vector<StageTimingData> made;
  for (const auto& [start, duration] : spans) {
    StageTimingData& stage = made.emplace_back();
    stage.start_time = WallTime(std::chrono::duration_cast<WallTime::duration>(Seconds(start)));
    stage.duration = Seconds(duration);
  }
  return made;
}

using Needs = std::vector<std::vector<int>>;

TEST(ImpliedNeeds, no_stages_have_no_needs) {
  EXPECT_TRUE(implied_needs({}, 1).empty());
  EXPECT_TRUE(implied_needs({}, 4).empty());
}

TEST(ImpliedNeeds, one_worker_makes_a_chain_by_start) {
  EXPECT_EQ(implied_needs(stages({{5, 1}, {0, 9}, {2, 9}}), 1), (Needs{{2}, {}, {1}}));
}

TEST(ImpliedNeeds, stage_needs_those_that_had_ended_when_it_started) {
  // 0 then 1 and 2 beside each other, then 3.
  EXPECT_EQ(implied_needs(stages({{0, 1}, {1, 2}, {1, 3}, {4, 1}}), 4),
            (Needs{{}, {0}, {0}, {2, 1}}));
}

TEST(ImpliedNeeds, what_others_waited_for_is_not_named_again) {
  EXPECT_EQ(implied_needs(stages({{0, 1}, {1, 1}, {2, 1}}), 2), (Needs{{}, {0}, {1}}));
}

TEST(ImpliedNeeds, overlapping_stages_do_not_need_each_other) {
  EXPECT_EQ(implied_needs(stages({{0, 5}, {1, 5}, {2, 5}}), 3), (Needs{{}, {}, {}}));
}

TEST(ImpliedNeeds, stage_without_duration_does_not_cut_the_order) {
  const Needs needs = implied_needs(stages({{0, 10}, {10, 0}, {10, 5}}), 2);
  EXPECT_EQ(needs[1], std::vector<int>{0});
  EXPECT_EQ(std::count(needs[2].begin(), needs[2].end(), 0), 1);
}

TEST(ImpliedNeeds, stages_without_duration_make_no_cycle) {
  const Needs needs = implied_needs(stages({{0, 0}, {0, 0}, {0, 0}, {0, 1}}), 2);
  for (std::size_t i = 0; i < needs.size(); ++i) {
    for (const int need : needs[i]) {
      EXPECT_LT(need, static_cast<int>(i));
    }
  }
}

}  // namespace
}  // namespace headway
