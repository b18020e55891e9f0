// The environment of a stage: what is inherited, what wins over what, which facts are there.
#include "orchestration/stage_environment.hpp"

#include "model/trace_context.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace headway {
namespace {

const RunFacts kFacts{
    "0193a1b2-0000-7000-8000-0123456789ab", "ci", "standard", "change-1", "A title", "ana"};

std::map<std::string, std::string> as_map(const std::vector<std::string>& environment) {
  std::map<std::string, std::string> out;
  for (const std::string& entry : environment) {
    const auto equals = entry.find('=');
    const bool is_new = out.emplace(entry.substr(0, equals), entry.substr(equals + 1)).second;
    EXPECT_TRUE(is_new) << "twice: " << entry;
  }
  return out;
}

Stage stage_named(std::string key, EnvironmentList env = {}) {
  Stage stage;
  stage.key = std::move(key);
  stage.stage_id = 4;
  stage.env = std::move(env);
  return stage;
}

TEST(StageEnvironment, facts_of_run_and_stage_are_there) {
  StageEnvironment environment({"PATH=/bin"}, {}, kFacts);
  const auto map = as_map(environment.of(stage_named("build"), 2));
  EXPECT_EQ(map.at("PATH"), "/bin");
  EXPECT_EQ(map.at("HEADWAY_RUN_ID"), kFacts.run_id);
  EXPECT_EQ(map.at("HEADWAY_WORKFLOW"), "ci");
  EXPECT_EQ(map.at("HEADWAY_LANE"), "standard");
  EXPECT_EQ(map.at("HEADWAY_CHANGE_ID"), "change-1");
  EXPECT_EQ(map.at("HEADWAY_TITLE"), "A title");
  EXPECT_EQ(map.at("HEADWAY_OWNER"), "ana");
  EXPECT_EQ(map.at("HEADWAY_STAGE"), "build");
  EXPECT_EQ(map.at("HEADWAY_STAGE_ID"), "4");
  EXPECT_EQ(map.at("HEADWAY_ATTEMPT"), "2");
  EXPECT_EQ(map.at("HEADWAY_CPUS"), "1");
  EXPECT_EQ(map.at("TRACEPARENT"),
            "00-0193a1b20000700080000123456789ab-" + span_id_of(kFacts.run_id, {4, 2}) + "-01");
}

TEST(StageEnvironment, values_of_a_matrix_are_facts_of_its_stages_alone) {
  StageEnvironment environment({"HEADWAY_MATRIX_OS=foreign"}, {}, kFacts);
  Stage stage = stage_named("m[os=deb]", {{"HEADWAY_MATRIX_OS", "env"}});
  stage.matrix = {{"os", "deb"}};
  EXPECT_EQ(as_map(environment.of(stage, 1)).at("HEADWAY_MATRIX_OS"), "deb");
  EXPECT_EQ(as_map(environment.of(stage_named("other"), 1)).count("HEADWAY_MATRIX_OS"), 0U);
}

TEST(StageEnvironment, what_may_stay_in_the_background_is_marked_and_nothing_else) {
  StageEnvironment environment({"HEADWAY_KEEP_BACKGROUND=1"}, {}, kFacts);
  Stage stage = stage_named("serve");
  stage.keep_background = true;
  EXPECT_EQ(as_map(environment.of(stage, 1)).at("HEADWAY_KEEP_BACKGROUND"), "1");
  EXPECT_EQ(as_map(environment.of(stage_named("other"), 1)).count("HEADWAY_KEEP_BACKGROUND"), 0U);
}

TEST(StageEnvironment, stage_env_wins_over_workflow_env_over_inherited) {
  StageEnvironment environment({"A=inherited", "B=inherited", "C=inherited"},
                               {{"B", "workflow"}, {"C", "workflow"}},
                               kFacts);
  const auto map = as_map(environment.of(stage_named("x", {{"C", "stage"}}), 1));
  EXPECT_EQ(map.at("A"), "inherited");
  EXPECT_EQ(map.at("B"), "workflow");
  EXPECT_EQ(map.at("C"), "stage");
}

TEST(StageEnvironment, a_stage_with_env_leaves_nothing_behind_for_the_next) {
  StageEnvironment environment({"A=1"}, {}, kFacts);
  (void)environment.of(stage_named("x", {{"A", "2"}, {"ONLY_X", "yes"}}), 1);
  const auto map = as_map(environment.of(stage_named("y"), 1));
  EXPECT_EQ(map.at("A"), "1");
  EXPECT_EQ(map.count("ONLY_X"), 0U);
  EXPECT_EQ(map.at("HEADWAY_STAGE"), "y");
}

TEST(StageEnvironment, a_nested_run_does_not_inherit_facts_or_the_state_folder) {
  StageEnvironment environment({"HEADWAY_RUN_ID=outer",
                                "HEADWAY_STAGE=outer",
                                "HEADWAY_STATE_DIR=/outer",
                                "HEADWAY_MATRIX_OS=a",
                                "TRACEPARENT=00-1"},
                               {},
                               kFacts);
  const auto map = as_map(environment.of(stage_named("inner"), 1));
  EXPECT_EQ(map.at("HEADWAY_RUN_ID"), kFacts.run_id);
  EXPECT_EQ(map.at("HEADWAY_STAGE"), "inner");
  EXPECT_EQ(map.count("HEADWAY_STATE_DIR"), 0U);
  EXPECT_EQ(map.count("HEADWAY_MATRIX_OS"), 0U);
}

TEST(StageEnvironment, nobody_may_set_the_run_id_because_strays_are_found_by_it) {
  StageEnvironment environment({}, {{"HEADWAY_RUN_ID", "forged"}}, kFacts);
  EXPECT_EQ(as_map(environment.of(stage_named("x", {{"HEADWAY_RUN_ID", "forged"}}), 1))
                .at("HEADWAY_RUN_ID"),
            kFacts.run_id);
}

// They won, or stood there twice, and the first of two is the one that a program sees.
TEST(StageEnvironment, facts_win_over_env_of_the_workflow_and_of_a_stage) {
  const EnvironmentList forged = {{"HEADWAY_WORKFLOW", "forged"},
                                  {"HEADWAY_LANE", "forged"},
                                  {"HEADWAY_CHANGE_ID", "forged"},
                                  {"HEADWAY_STAGE", "forged"},
                                  {"HEADWAY_ATTEMPT", "9"},
                                  {"TRACEPARENT", "forged"},
                                  {"HEADWAY_KEEP_BACKGROUND", "1"},
                                  {"HEADWAY_STATE_DIR", "/elsewhere"}};
  for (const bool is_of_stage : {false, true}) {
    StageEnvironment environment({}, is_of_stage ? EnvironmentList() : forged, kFacts);
    const Stage stage = stage_named("x", is_of_stage ? forged : EnvironmentList());
    const auto map = as_map(environment.of(stage, 2));
    EXPECT_EQ(map.at("HEADWAY_WORKFLOW"), "ci");
    EXPECT_EQ(map.at("HEADWAY_LANE"), "standard");
    EXPECT_EQ(map.at("HEADWAY_CHANGE_ID"), "change-1");
    EXPECT_EQ(map.at("HEADWAY_STAGE"), "x");
    EXPECT_EQ(map.at("HEADWAY_ATTEMPT"), "2");
    EXPECT_NE(map.at("TRACEPARENT"), "forged");
    EXPECT_EQ(map.count("HEADWAY_KEEP_BACKGROUND"), 0U) << "it would outlive its run";
    EXPECT_EQ(map.at("HEADWAY_STATE_DIR"), "/elsewhere") << "no fact: for a run inside";
  }
}

TEST(StageEnvironment, cpus_are_whole_and_at_least_one) {
  StageEnvironment environment({}, {}, kFacts);
  Stage wide = stage_named("wide");
  wide.resources.cpus = 2.5;
  EXPECT_EQ(as_map(environment.of(wide, 1)).at("HEADWAY_CPUS"), "2");
  wide.resources.cpus = 0.25;
  EXPECT_EQ(as_map(environment.of(wide, 1)).at("HEADWAY_CPUS"), "1");
}

TEST(StageEnvironment, stages_are_spans_of_the_trace_that_the_run_is_part_of) {
  constexpr const char* kAround =
      "TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  StageEnvironment environment({kAround}, {}, kFacts);
  const std::string told = as_map(environment.of(stage_named("x"), 1)).at("TRACEPARENT");
  EXPECT_EQ(told.substr(0, 36), "00-0af7651916cd43dd8448eb211c80319c-");
  EXPECT_EQ(told.find("b7ad6b7169203331"), std::string::npos);  // not the one around it
  StageEnvironment astray({"TRACEPARENT=00-zz"}, {}, kFacts);
  EXPECT_EQ(as_map(astray.of(stage_named("x"), 1)).at("TRACEPARENT").substr(3, 32),
            "0193a1b20000700080000123456789ab");
}

}  // namespace
}  // namespace headway
