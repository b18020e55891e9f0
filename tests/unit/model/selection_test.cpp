// Which stages a run takes, and what each then needs.
#include "model/selection.hpp"

#include <fmt/format.h>

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace headway {
namespace {

using Needs = std::vector<std::vector<int>>;

// Stages s0, s1, ... with those needs, a lane 'all' (default) and a lane 'some'.
Workflow workflow_with(const Needs& needs, const std::vector<int>& some) {
  Workflow workflow;
  Lane all;
  all.key = "all";
  all.is_default = true;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    Stage stage;
    stage.key = fmt::format("s{}", i);
    stage.stage_id = static_cast<int>(i);
    stage.needs = needs[i];
    workflow.stages.push_back(stage);
    all.stages.push_back(static_cast<int>(i));
  }
  Lane part;
  part.key = "some";
  part.stages = some;
  workflow.lanes = {all, part};
  return workflow;
}

Selection selected(const Workflow& workflow, const SelectionRequest& request) {
  auto selection = select_stages(workflow, request);
  EXPECT_TRUE(selection.has_value());
  return selection ? *selection : Selection();
}

TEST(SelectStages, default_lane_takes_all_with_direct_needs) {
  const Workflow workflow = workflow_with({{}, {0}, {1, 0}}, {0});
  const Selection selection = selected(workflow, {});
  EXPECT_EQ(selection.lane, &workflow.lanes[0]);
  EXPECT_EQ(selection.stages, (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(selection.needs, (Needs{{}, {0}, {0, 1}}));
  EXPECT_TRUE(selection.left_out.empty());
}

TEST(SelectStages, order_survives_through_stages_that_are_left_out) {
  // s4 needs s3, which needs s1 and s2; s2 needs s0.
  const Workflow workflow = workflow_with({{}, {0}, {0}, {1, 2}, {3}}, {0, 1, 4});
  const Selection selection = selected(workflow, {"some", {}});
  EXPECT_EQ(selection.stages, (std::vector<int>{0, 1, 4}));
  EXPECT_EQ(selection.needs, (Needs{{}, {0}, {0, 1}}));
  ASSERT_EQ(selection.left_out.size(), 2U);
  EXPECT_EQ(selection.left_out[0].stage, 2);
  EXPECT_EQ(selection.left_out[0].reason, "lane 'some' leaves it out");
}

TEST(SelectStages, named_stage_brings_what_it_needs) {
  const Workflow workflow = workflow_with({{}, {0}, {}, {1}}, {});
  const Selection selection = selected(workflow, {"", {"s3"}});
  EXPECT_EQ(selection.stages, (std::vector<int>{0, 1, 3}));
  EXPECT_EQ(selection.needs, (Needs{{}, {0}, {1}}));
  ASSERT_EQ(selection.left_out.size(), 1U);
  EXPECT_EQ(selection.left_out[0].reason, "not asked for");
}

TEST(SelectStages, named_stage_brings_what_it_needs_within_the_lane) {
  const Workflow workflow = workflow_with({{}, {0}, {1}, {}}, {0, 2, 3});
  const Selection selection = selected(workflow, {"some", {"s2"}});
  EXPECT_EQ(selection.stages, (std::vector<int>{0, 2}));
  EXPECT_EQ(selection.needs, (Needs{{}, {0}}));
}

TEST(SelectStages, always_stages_come_with_the_lane_but_not_with_named_stages) {
  Workflow workflow = workflow_with({{}, {}}, {});
  workflow.stages[1].always = true;
  EXPECT_EQ(selected(workflow, {}).stages, (std::vector<int>{0, 1}));
  EXPECT_EQ(selected(workflow, {"", {"s0"}}).stages, (std::vector<int>{0}));
  EXPECT_EQ(selected(workflow, {"", {"s1"}}).stages, (std::vector<int>{1}));
}

TEST(SelectStages, named_stage_that_the_lane_leaves_out_is_an_error_with_the_lane) {
  const auto selection = select_stages(workflow_with({{}, {}}, {0}), {"some", {"s1"}});
  ASSERT_FALSE(selection.has_value());
  EXPECT_EQ(selection.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(selection.error().message, "run stage 's1': lane 'some' leaves it out");
}

TEST(SelectStages, unknown_lane_is_an_error_with_the_list_and_the_nearest) {
  const auto selection = select_stages(workflow_with({{}}, {0}), {"sone", {}});
  ASSERT_FALSE(selection.has_value());
  EXPECT_EQ(selection.error().code, ErrorCode::not_found);
  EXPECT_EQ(selection.error().message, "find lane 'sone' (did you mean 'some'?)");
  EXPECT_EQ(selection.error().next_step, "there is: all, some");
}

TEST(SelectStages, unknown_stage_is_an_error_with_a_bounded_list) {
  const auto selection = select_stages(workflow_with(Needs(25), {}), {"", {"nothing"}});
  ASSERT_FALSE(selection.has_value());
  EXPECT_EQ(selection.error().message, "find stage 'nothing'");
  EXPECT_NE(selection.error().next_step.find("s19 and 5 more"), std::string::npos);
}

TEST(SelectStages, lane_without_stages_is_an_error) {
  const auto selection = select_stages(workflow_with({{}}, {}), {"some", {}});
  ASSERT_FALSE(selection.has_value());
  EXPECT_EQ(selection.error().code, ErrorCode::invalid_argument);
}

// s1 and s2 need s0; s3 needs both; s4 is alone; s5 always runs.
Workflow diamond() {
  Workflow workflow = workflow_with({{}, {0}, {0}, {1, 2}, {}, {}}, {0, 1});
  workflow.stages[5].always = true;
  return workflow;
}

SelectionRequest asking(std::vector<std::string> SelectionRequest::*part,
                        std::vector<std::string> names) {
  SelectionRequest request;
  request.*part = std::move(names);
  return request;
}

TEST(SelectStages, from_keeps_the_stage_and_what_comes_after_it) {
  const Workflow workflow = diamond();
  const Selection selection = selected(workflow, asking(&SelectionRequest::from, {"s1"}));
  EXPECT_EQ(selection.stages, (std::vector<int>{1, 3, 5}));
  EXPECT_EQ(selection.needs, (Needs{{}, {0}, {}}));
  ASSERT_EQ(selection.left_out.size(), 3U);
  EXPECT_EQ(selection.left_out[0].reason, "--from leaves it out");
}

TEST(SelectStages, until_keeps_the_stage_and_what_it_needs) {
  const Workflow workflow = diamond();
  const Selection selection = selected(workflow, asking(&SelectionRequest::until, {"s1", "s4"}));
  EXPECT_EQ(selection.stages, (std::vector<int>{0, 1, 4, 5}));
  EXPECT_EQ(selection.left_out[0].reason, "--until leaves it out");
}

TEST(SelectStages, from_and_until_keep_what_lies_between) {
  const Workflow workflow = diamond();
  SelectionRequest request = asking(&SelectionRequest::from, {"s0"});
  request.until = {"s2"};
  EXPECT_EQ(selected(workflow, request).stages, (std::vector<int>{0, 2, 5}));
  request.from = {"s4"};
  EXPECT_EQ(selected(workflow, request).stages, (std::vector<int>{5}));
  EXPECT_EQ(selected(workflow, {"", {"s3"}, {"s2"}}).stages, (std::vector<int>{2, 3}));
}

TEST(SelectStages, only_takes_exactly_these) {
  const Workflow workflow = diamond();
  const Selection selection = selected(workflow, asking(&SelectionRequest::only, {"s0", "s3"}));
  EXPECT_EQ(selection.stages, (std::vector<int>{0, 3}));
  EXPECT_EQ(selection.needs, (Needs{{}, {0}})) << "their order survives";
  EXPECT_EQ(selection.left_out[0].reason, "not asked for");
}

TEST(SelectStages, only_beside_other_choices_is_an_error) {
  SelectionRequest request = asking(&SelectionRequest::only, {"s0"});
  request.until = {"s1"};
  const auto selection = select_stages(diamond(), request);
  ASSERT_FALSE(selection.has_value());
  EXPECT_EQ(selection.error().code, ErrorCode::invalid_argument);
}

TEST(SelectStages, what_needs_a_skipped_stage_needs_what_that_needs) {
  const Workflow workflow = diamond();
  const Selection selection = selected(workflow, asking(&SelectionRequest::skip, {"s1", "s5"}));
  EXPECT_EQ(selection.stages, (std::vector<int>{0, 2, 3, 4}));
  EXPECT_EQ(selection.needs, (Needs{{}, {0}, {0, 1}, {}}));
  EXPECT_EQ(selection.left_out[0].reason, "--skip leaves it out");
}

TEST(SelectStages, skipping_everything_is_an_error) {
  SelectionRequest request = asking(&SelectionRequest::skip, {"s0"});
  request.only = {"s0"};
  const auto selection = select_stages(diamond(), request);
  ASSERT_FALSE(selection.has_value());
  EXPECT_EQ(selection.error().message, "find a stage to run: what was asked for leaves none");
}

TEST(SelectStages, unknown_names_are_errors_in_every_choice) {
  for (const auto part : {&SelectionRequest::from,
                          &SelectionRequest::until,
                          &SelectionRequest::only,
                          &SelectionRequest::skip}) {
    const auto selection = select_stages(diamond(), asking(part, {"s9"}));
    ASSERT_FALSE(selection.has_value());
    EXPECT_EQ(selection.error().code, ErrorCode::not_found);
  }
}

TEST(SelectStages, long_way_through_left_out_stages_is_found) {
  Needs chain(10'000);
  for (std::size_t i = 1; i < chain.size(); ++i) {
    chain[i] = {static_cast<int>(i) - 1};
  }
  const Selection selection = selected(workflow_with(chain, {0, 9'999}), {"some", {}});
  EXPECT_EQ(selection.needs, (Needs{{}, {0}}));
}

}  // namespace
}  // namespace headway
