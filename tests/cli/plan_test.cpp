// `headway` and `headway plan`: what there is and what would run.
#include "support/headway_program.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

const char* const kWorkflow = R"(version: 1
name: demo
stages:
  setup: {name: The setup, run: 'true'}
  lint: {needs: [setup], run: 'true'}
  unit: {needs: [setup], run: 'true'}
  ship: {needs: [lint, unit], run: touch shipped}
  tidy: {always: true, run: 'true'}
lanes:
  quick: {description: Only the half, stages: [setup, lint], sla: 5m}
  full: {default: true}
)";

std::vector<std::string> texts(const Json& array) {
  std::vector<std::string> all;
  for (const Json& item : array.items()) {
    all.push_back(item.as_string());
  }
  return all;
}

std::vector<std::string> keys(const Json& stages) {
  std::vector<std::string> all;
  for (const Json& stage : stages.items()) {
    all.push_back(stage["key"].as_string());
  }
  return all;
}

class PlanTest : public testing::Test {
 protected:
  PlanTest() { program.write("headway.yaml", kWorkflow); }
  Program program;
};

TEST_F(PlanTest, list_has_stages_and_lanes) {
  const Json document = program.run({"--json"}).json();
  EXPECT_EQ(document["format"].as_integer(), 1);
  EXPECT_EQ(document["workflow"].as_string(), "demo");
  const Json& stages = document["stages"];
  EXPECT_EQ(keys(stages), (std::vector<std::string>{"setup", "lint", "unit", "ship", "tidy"}));
  EXPECT_EQ(stages.items()[0]["name"].as_string(), "The setup");
  EXPECT_EQ(stages.items()[3]["stage_id"].as_integer(), 3);
  EXPECT_EQ(texts(stages.items()[3]["needs"]), (std::vector<std::string>{"lint", "unit"}));
  EXPECT_TRUE(stages.items()[0].contains("median_seconds"));
  EXPECT_TRUE(stages.items()[0]["median_seconds"].is_null());
  const Json& quick = document["lanes"].items().at(0);
  EXPECT_EQ(quick["lane"].as_string(), "quick");
  EXPECT_EQ(quick["description"].as_string(), "Only the half");
  EXPECT_FALSE(quick["default"].as_bool(true));
  EXPECT_EQ(quick["sla_seconds"].as_number(), 300);
  EXPECT_EQ(texts(quick["stages"]), (std::vector<std::string>{"setup", "lint"}));
  EXPECT_TRUE(document["lanes"].items().at(1)["default"].as_bool());
}

TEST_F(PlanTest, list_for_people_and_for_scripts) {
  const ProgramResult people = program.run({});
  EXPECT_EQ(people.exit_code, 0);
  EXPECT_NE(people.out.find("The setup"), std::string::npos) << people.out;
  EXPECT_EQ(program.run({"-q"}).out, "setup\nlint\nunit\nship\ntidy\n");
}

TEST_F(PlanTest, medians_appear_after_a_run) {
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  const Json document = program.run({"--json"}).json();
  EXPECT_TRUE(document["stages"].items()[0]["median_seconds"].is_number());
  const Json plan = program.run({"plan", "--json"}).json();
  EXPECT_EQ(plan["stages"].items()[0]["samples"].as_integer(), 1);
  EXPECT_TRUE(plan["expected_seconds"].is_number());
  EXPECT_LE(plan["p10_seconds"].as_number(), plan["p90_seconds"].as_number());
}

TEST_F(PlanTest, plan_has_every_field_and_the_order_of_the_scheduler) {
  const Json document = program.run({"plan", "-j1", "--json"}).json();
  EXPECT_EQ(document["format"].as_integer(), 1);
  EXPECT_EQ(document["lane"].as_string(), "full");
  EXPECT_EQ(document["jobs"].as_integer(), 1);
  for (const char* field : {"critical_path", "expected_seconds", "p10_seconds", "p90_seconds"}) {
    EXPECT_TRUE(document.contains(field)) << field;
  }
  const Json& stages = document["stages"];
  EXPECT_EQ(keys(stages), (std::vector<std::string>{"setup", "lint", "unit", "ship", "tidy"}));
  for (const char* field : {"needs",
                            "expected_seconds",
                            "p10_seconds",
                            "p90_seconds",
                            "samples",
                            "slack_seconds",
                            "why"}) {
    EXPECT_TRUE(stages.items()[0].contains(field)) << field;
  }
  EXPECT_TRUE(document["expected_seconds"].is_null());  // nothing is known: no number made up
}

TEST_F(PlanTest, named_stages_bring_what_they_need_and_the_rest_is_told) {
  const Json document = program.run({"plan", "unit", "--json"}).json();
  EXPECT_EQ(keys(document["stages"]), (std::vector<std::string>{"setup", "unit"}));
  EXPECT_EQ(document["stages"].items()[0]["why"].as_string(), "needed by 'unit'");
  EXPECT_EQ(document["stages"].items()[1]["why"].as_string(), "asked for");
  EXPECT_EQ(keys(document["skipped"]), (std::vector<std::string>{"lint", "ship", "tidy"}));
  EXPECT_NE(document["skipped"].items()[0]["reason"].as_string(), "");
}

TEST_F(PlanTest, dry_run_is_the_plan_and_runs_nothing) {
  const ProgramResult plan = program.run({"plan", "--json"});
  const ProgramResult dry = program.run({"run", "-n", "--json"});
  EXPECT_EQ(dry.exit_code, 0);
  EXPECT_EQ(dry.out, plan.out);
  EXPECT_FALSE(std::filesystem::exists(program.path("shipped")));
  EXPECT_FALSE(std::filesystem::exists(program.path(".headway")));
}

TEST_F(PlanTest, unknown_stage_and_lane_are_told_with_the_nearest) {
  const ProgramResult stage = program.run({"plan", "unti"});
  EXPECT_EQ(stage.exit_code, 2);
  EXPECT_NE(stage.err.find("'unit'"), std::string::npos) << stage.err;
  const ProgramResult lane = program.run({"run", "--lane", "fulll"});
  EXPECT_EQ(lane.exit_code, 2);
  EXPECT_NE(lane.err.find("full"), std::string::npos) << lane.err;
}

}  // namespace
}  // namespace headway
