// Conditions of stages: which hold, and what is said of those that do not.
#include "orchestration/conditions.hpp"

#include "model/workflow_file.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

class ConditionsTest : public testing::Test {
 protected:
  // A plan of one stage with that condition.
  RunPlan& plan(StageCondition when, const std::string& lane = "") {
    workflow_ =
        parse_workflow("version: 1\nenv: {OWN: workflow}\nstages: {a: {run: x}, b: {run: x}}\n",
                       "w.yaml",
                       directory_.path())
            .workflow;
    workflow_.stages[0].when = std::move(when);
    workflow_.stages[0].env = {{"ITS", "stage"}};
    workflow_.stages[0].matrix = {{"os", "linux"}};
    RunRequest request;
    request.selection.lane = lane;
    plan_ = *make_run_plan(workflow_, request);
    trouble_ = apply_conditions(plan_, {environment_, [this] {
                                          ++asked_;
                                          return changed_;
                                        }});
    return plan_;
  }

  TempFolder directory_;
  Workflow workflow_;
  RunPlan plan_;
  std::vector<std::string> environment_{"CI=true", "EMPTY=", "OWN=process", "CIX=no"};
  ChangedPaths changed_{.paths = {"src/a.c", "notes/b.md"}};
  std::string trouble_;
  int asked_ = 0;
};

TEST_F(ConditionsTest, stage_without_a_condition_asks_nobody) {
  plan({});
  EXPECT_TRUE(plan_.unmet.empty());
  EXPECT_EQ(asked_, 0);
}

TEST_F(ConditionsTest, changed_file_must_match_one_of_the_globs) {
  EXPECT_EQ(plan({.changed = {"src/**"}}).unmet_condition(0), "");
  EXPECT_EQ(plan({.changed = {"lib/**", "*.md"}}).unmet_condition(0),
            "no changed file matches lib/**, *.md");
  EXPECT_EQ(plan({.changed = {"src/**", "!src/a.c"}}).unmet_condition(0),
            "no changed file matches src/**, !src/a.c");
  EXPECT_EQ(plan_.unmet_condition(1), "");
  EXPECT_TRUE(plan_.would_skip(0));
  EXPECT_FALSE(plan_.would_skip(1));
}

// Bug: in a run inside of another one the facts of that one were read, which no stage is given.
TEST_F(ConditionsTest, facts_of_a_run_around_this_one_are_not_seen) {
  environment_ = {"HEADWAY_LANE=outer", "HEADWAY_STAGE=outer", "CI=true"};
  EXPECT_EQ(plan({.env = {{"HEADWAY_LANE", "outer"}}}).unmet_condition(0),
            "HEADWAY_LANE is not 'outer'");
  EXPECT_EQ(plan({.env_set = {"HEADWAY_STAGE"}}).unmet_condition(0), "HEADWAY_STAGE is not set");
  EXPECT_EQ(plan({.env_set = {"CI"}}).unmet_condition(0), "");
}

TEST_F(ConditionsTest, unknown_change_counts_as_changed_and_is_told) {
  changed_ = {.unknown = "no commit yet"};
  EXPECT_EQ(plan({.changed = {"lib/**"}}).unmet_condition(0), "");
  EXPECT_EQ(trouble_, "no commit yet");
}

TEST_F(ConditionsTest, variables_are_compared_as_a_stage_sees_them) {
  EXPECT_EQ(plan({.env = {{"CI", "true"}}}).unmet_condition(0), "");
  EXPECT_EQ(plan({.env = {{"CI", "false"}}}).unmet_condition(0), "CI is not 'false'");
  EXPECT_EQ(plan({.env = {{"OWN", "workflow"}}}).unmet_condition(0), "");
  EXPECT_EQ(plan({.env = {{"NONE", ""}}}).unmet_condition(0), "");
  EXPECT_EQ(plan({.env = {{"ITS", "stage"}}}).unmet_condition(0), "");
  EXPECT_EQ(plan({.env = {{"HEADWAY_MATRIX_OS", "linux"}}}).unmet_condition(0), "");
  EXPECT_EQ(plan({.env_set = {"ITS", "CI"}}).unmet_condition(0), "");
  EXPECT_EQ(plan({.env_set = {"EMPTY"}}).unmet_condition(0), "EMPTY is not set");
  EXPECT_EQ(plan({.env_set = {"C"}}).unmet_condition(0), "C is not set");
}

TEST_F(ConditionsTest, lane_must_be_among_the_lanes) {
  EXPECT_EQ(plan({.lanes = {"docs", "heavy"}}, "docs").unmet_condition(0), "");
  EXPECT_EQ(plan({.lanes = {"docs", "heavy"}}).unmet_condition(0),
            "it runs in lane docs, heavy only");
}

TEST_F(ConditionsTest, all_that_is_given_must_hold) {
  EXPECT_NE(plan({.changed = {"src/**"}, .env = {{"CI", "no"}}}).unmet_condition(0), "");
  EXPECT_EQ(asked_, 0) << "the dearest question comes last";
}

}  // namespace
}  // namespace headway
