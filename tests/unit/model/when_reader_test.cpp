// `when` of a stage: what it may say, and its mistakes.
#include "model/when_reader.hpp"

#include "model/workflow_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

LoadedWorkflow load(const std::string& when, const std::string& rest = "") {
  return parse_workflow(
      "version: 1\nstages: {a: {run: x, when: " + when + "}}\n" + rest, "w.yaml", "/");
}

std::string mistake_in(const std::string& when) {
  const auto problems = load(when).problems;
  return problems.size() == 1 ? problems[0].message : std::to_string(problems.size()) + " problems";
}

TEST(When, is_read_with_all_its_keys) {
  const auto loaded = load("{env: {CI: 'true', N: 1}, lanes: [docs]}");
  ASSERT_TRUE(loaded.valid()) << to_string(loaded.problems[0]);
  const StageCondition& when = loaded.workflow.stages[0].when;
  EXPECT_EQ(when.env, (EnvironmentList{{"CI", "true"}, {"N", "1"}}));
  EXPECT_EQ(when.lanes, (std::vector<std::string>{"docs"}));
  EXPECT_FALSE(when.empty());
  EXPECT_EQ(load("{env: [TOKEN]}").workflow.stages[0].when.env_set,
            (std::vector<std::string>{"TOKEN"}));
}

TEST(When, without_it_nothing_is_asked) {
  const auto loaded = parse_workflow("version: 1\nstages: {a: {run: x}}\n", "w.yaml", "/");
  EXPECT_TRUE(loaded.workflow.stages[0].when.empty());
}

TEST(When, mistakes_are_told) {
  EXPECT_EQ(mistake_in("{}"), "'when' of stage 'a' is empty");
  EXPECT_EQ(mistake_in("[x]"),
            "'when' of stage 'a' must be a mapping of changed, env and lanes, not a list");
  EXPECT_EQ(mistake_in("{env: {}}"), "'when.env' of stage 'a' is empty");
  EXPECT_EQ(mistake_in("{lanes: []}"), "'when.lanes' of stage 'a' is empty");
  EXPECT_EQ(mistake_in("{branch: main}"), "'when' of stage 'a' has unknown key 'branch'");
}

TEST(When, unknown_lane_is_told_with_the_nearest) {
  const auto problems = load("{lanes: [standart]}").problems;
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].message, "'when' of stage 'a' has unknown lane 'standart'");
  EXPECT_EQ(problems[0].suggestion, "standard");
  EXPECT_TRUE(load("{lanes: [mine]}", "lanes: {mine: {}}\n").valid());
}

}  // namespace
}  // namespace headway
