// Lanes of the file and built-in ones. (Mistakes: workflow_mistakes_test.cpp.)
#include "model/lane_reader.hpp"

#include "model/workflow_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

Workflow with_lanes(const std::string& lanes) {
  auto loaded = parse_workflow(
      "version: 1\nstages: {a: {run: x}, b: {run: x}, c: {run: x}, d: {run: x}}\n" + lanes,
      "w.yaml",
      "/");
  for (const Problem& problem : loaded.problems) {
    ADD_FAILURE() << to_string(problem);
  }
  return std::move(loaded.workflow);
}

std::vector<int> stages_of(const std::string& list) {
  return with_lanes("lanes: {l: {stages: " + list + "}}\n").lanes.at(0).stages;
}

TEST(ReadLanes, stages_by_key_number_and_range_in_the_order_of_the_file) {
  EXPECT_EQ(stages_of("[d, 0]"), (std::vector<int>{0, 3}));
  EXPECT_EQ(stages_of("[1-3]"), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(stages_of("['2-2', a, 0-1]"), (std::vector<int>{0, 1, 2}));
}

TEST(ReadLanes, except_takes_the_others) {
  EXPECT_EQ(stages_of("{except: [b, 3]}"), (std::vector<int>{0, 2}));
  EXPECT_EQ(stages_of("{except: []}"), (std::vector<int>{0, 1, 2, 3}));
}

TEST(ReadLanes, lane_without_words_takes_everything) {
  const Workflow workflow = with_lanes("lanes:\n  bare:\n  other: {}\n");
  for (const Lane& lane : workflow.lanes) {
    EXPECT_EQ(lane.stages.size(), 4U);
    EXPECT_TRUE(lane.parallel);
    EXPECT_FALSE(lane.is_default);
    EXPECT_FALSE(lane.built_in);
    EXPECT_FALSE(lane.sla.has_value());
  }
  EXPECT_EQ(workflow.lanes.size(), 2U);
}

TEST(ReadLanes, a_lane_has_what_the_one_has_that_it_extends) {
  const Workflow workflow = with_lanes(
      "gates: {tests: {run: x, report: r, format: junit}}\n"
      "lanes:\n"
      "  high: {extends: mid, sla: 20m, choose: {files: '> 5'}, gates: {tests.pass_rate: '>= "
      "99'}}\n"
      "  mid: {extends: low, default: true, gates: {tests.failed: '< 9', tests.pass_rate: '> 1'}}\n"
      "  low: {description: x, stages: [b, c], sla: 5m, parallel: false, gates: false}\n");
  const Lane& high = *workflow.find_lane("high");
  EXPECT_EQ(high.stages, (std::vector<int>{1, 2}));
  EXPECT_EQ(high.sla, std::chrono::minutes(20));
  EXPECT_FALSE(high.parallel);
  EXPECT_FALSE(high.is_default);
  EXPECT_TRUE(high.description.empty());
  EXPECT_TRUE(high.has_gates);
  ASSERT_EQ(high.thresholds.size(), 2U);
  EXPECT_EQ(high.thresholds[0].metric, "failed");
  EXPECT_EQ(high.thresholds[1].threshold.limit, 99);
  EXPECT_FALSE(workflow.find_lane("mid")->choose.has_value());
  EXPECT_FALSE(workflow.find_lane("low")->has_gates);
  EXPECT_EQ(workflow.lanes[0].key, "high");
}

TEST(ReadLanes, every_key_is_kept) {
  const Lane lane =
      with_lanes("lanes: {l: {description: fast, default: true, sla: 5m, parallel: false}}\n")
          .lanes.at(0);
  EXPECT_EQ(lane.description, "fast");
  EXPECT_TRUE(lane.is_default);
  EXPECT_EQ(lane.sla, std::chrono::minutes(5));
  EXPECT_FALSE(lane.parallel);
}

TEST(ReadLanes, conditions_of_a_choice_are_kept) {
  const Lane lane = with_lanes(
                        "lanes: {l: {choose: {only: ['*.md'], any: [a, b], files: '> 5', lines: "
                        "'>=500'}, warn_on_code: true}}\n")
                        .lanes.at(0);
  ASSERT_TRUE(lane.choose);
  EXPECT_EQ(lane.choose->only, (std::vector<std::string>{"*.md"}));
  EXPECT_EQ(lane.choose->any.size(), 2U);
  EXPECT_TRUE(lane.choose->files->holds(6) && !lane.choose->files->holds(5));
  EXPECT_TRUE(lane.choose->lines->holds(500) && !lane.choose->lines->holds(499));
  EXPECT_TRUE(lane.warn_on_code);
  EXPECT_TRUE(lane.choose->except.empty());
  EXPECT_EQ(with_lanes("lanes: {l: {choose: {files: '> 1', except: [a]}}}\n")
                .lanes.at(0)
                .choose->except.size(),
            1U);
  EXPECT_FALSE(with_lanes("lanes: {l: {}}\n").lanes.at(0).choose);
}

TEST(BuiltInLanes, are_those_of_the_change_process_with_all_stages) {
  const Workflow workflow = with_lanes("");
  ASSERT_EQ(workflow.lanes.size(), 3U);
  EXPECT_EQ(workflow.lanes[0].key, "docs");
  EXPECT_EQ(workflow.lanes[0].description, "Fast docs-only workflow (<5 min)");
  EXPECT_FALSE(workflow.lanes[0].parallel);
  EXPECT_TRUE(workflow.lanes[0].warn_on_code);
  EXPECT_EQ(workflow.lanes[1].key, "standard");
  EXPECT_TRUE(workflow.lanes[1].parallel);
  EXPECT_EQ(workflow.lanes[2].key, "heavy");
  EXPECT_EQ(&workflow.default_lane(), &workflow.lanes[1]);
  for (const Lane& lane : workflow.lanes) {
    EXPECT_TRUE(lane.built_in);
    EXPECT_FALSE(lane.sla.has_value());
    EXPECT_EQ(lane.stages, (std::vector<int>{0, 1, 2, 3}));
  }
}

}  // namespace
}  // namespace headway
