// Looking up stages and lanes.
#include "model/workflow.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

Workflow with_lanes(const std::vector<std::string>& keys) {
  Workflow workflow;
  for (const std::string& key : keys) {
    workflow.lanes.emplace_back();
    workflow.lanes.back().key = key;
  }
  return workflow;
}

TEST(Workflow, default_lane_is_the_marked_one) {
  Workflow workflow = with_lanes({"standard", "other"});
  workflow.lanes[1].is_default = true;
  EXPECT_EQ(workflow.default_lane().key, "other");
}

TEST(Workflow, default_lane_without_a_mark_is_standard) {
  EXPECT_EQ(with_lanes({"fast", "standard"}).default_lane().key, "standard");
}

TEST(Workflow, default_lane_is_else_the_first) {
  EXPECT_EQ(with_lanes({"fast", "slow"}).default_lane().key, "fast");
}

TEST(Workflow, unknown_names_are_not_found) {
  Workflow workflow = with_lanes({"fast"});
  workflow.stages.emplace_back();
  workflow.stages[0].key = "a";
  EXPECT_EQ(workflow.find_stage("a"), &workflow.stages[0]);
  EXPECT_EQ(workflow.find_stage("b"), nullptr);
  EXPECT_EQ(workflow.find_lane("fast"), &workflow.lanes[0]);
  EXPECT_EQ(workflow.find_lane(""), nullptr);
}

}  // namespace
}  // namespace headway
