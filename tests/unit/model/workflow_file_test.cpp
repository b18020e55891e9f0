// What a good workflow file becomes, and mistakes that are special in number or size.
#include "model/workflow_file.hpp"

#include "model/problem_list.hpp"

#include <fmt/format.h>

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Workflow good(const std::string& text) {
  LoadedWorkflow loaded = parse_workflow(text, "w.yaml", "/repo");
  for (const Problem& problem : loaded.problems) {
    ADD_FAILURE() << to_string(problem);
  }
  return std::move(loaded.workflow);
}

std::string chain(int stages, bool closed) {
  std::string text = "version: 1\nstages:\n";
  for (int i = 0; i < stages; ++i) {
    text += fmt::format("  s{}: {{run: x", i);
    if (i > 0 || closed) {
      text += fmt::format(", needs: [s{}]", i > 0 ? i - 1 : stages - 1);
    }
    text += "}\n";
  }
  return text;
}

TEST(ParseWorkflow, root_keys_are_kept) {
  const Workflow workflow = good(
      "version: 1\nname: change\nenv: {LC_ALL: C, N: 1.0, B: true, E: ''}\n"
      "secrets: [NPM_TOKEN, '*_PASSWORD']\nstages: {a: {run: x}}\n");
  EXPECT_EQ(workflow.name, "change");
  EXPECT_EQ(workflow.file, "w.yaml");
  EXPECT_EQ(workflow.directory, "/repo");
  EXPECT_EQ(workflow.env,
            (EnvironmentList{{"LC_ALL", "C"}, {"N", "1.0"}, {"B", "true"}, {"E", ""}}));
  EXPECT_EQ(workflow.secrets, (std::vector<std::string>{"NPM_TOKEN", "*_PASSWORD"}));
}

TEST(ParseWorkflow, stage_keys_are_kept) {
  const Workflow workflow = good(R"(version: 1
stages:
  setup: {run: "true"}
  unit:
    name: Unit tests
    description: all of them
    run: [pytest, -n, 4, "a b"]
    needs: [setup]
    dir: python
    env: {A: b}
    timeout: 1h30m
    grace: 250ms
    resources: {cpus: 0.5, memory: 1GiB, locks: [database, 5432]}
    allow_failure: true
)");
  ASSERT_EQ(workflow.stages.size(), 2U);
  const Stage& unit = workflow.stages[1];
  EXPECT_EQ(unit.key, "unit");
  EXPECT_EQ(unit.stage_id, 1);
  EXPECT_EQ(unit.name, "Unit tests");
  EXPECT_EQ(unit.description, "all of them");
  EXPECT_FALSE(unit.run.is_script());
  EXPECT_EQ(unit.run.argv, (std::vector<std::string>{"pytest", "-n", "4", "a b"}));
  EXPECT_EQ(unit.needs, std::vector<int>{0});
  EXPECT_EQ(unit.dir, "python");
  EXPECT_EQ(unit.env, (EnvironmentList{{"A", "b"}}));
  EXPECT_EQ(unit.timeout, minutes(90));
  EXPECT_EQ(unit.grace, milliseconds(250));
  EXPECT_EQ(unit.resources.cpus, 0.5);
  EXPECT_EQ(unit.resources.memory_bytes, std::int64_t{1} << 30);
  EXPECT_EQ(unit.resources.locks, (std::vector<std::string>{"database", "5432"}));
  EXPECT_TRUE(unit.allow_failure);
  EXPECT_FALSE(unit.always);
  EXPECT_EQ(unit.at.line, 4);
  EXPECT_EQ(unit.at.column, 3);
}

TEST(ParseWorkflow, words_like_no_and_on_are_text) {
  const Workflow workflow =
      good("version: 1\nstages:\n  on: {run: no}\n  yes: {run: 'off', needs: [on]}\n");
  EXPECT_EQ(workflow.stages[0].key, "on");
  EXPECT_EQ(workflow.stages[0].run.script, "no");
  EXPECT_EQ(workflow.stages[1].key, "yes");
  EXPECT_EQ(workflow.stages[1].needs, std::vector<int>{0});
}

TEST(ParseWorkflow, script_keeps_its_lines) {
  const Workflow workflow = good("version: 1\nstages:\n  a:\n    run: |\n      one\n      two\n");
  EXPECT_EQ(workflow.stages[0].run.script, "one\ntwo\n");
}

TEST(ParseWorkflow, windows_line_ends_and_a_byte_order_mark_are_passed_over) {
  const Workflow workflow = good("\xEF\xBB\xBFversion: 1\r\nstages:\r\n  a: {run: x}\r\n");
  EXPECT_EQ(workflow.stages[0].run.script, "x");
}

TEST(ParseWorkflow, defaults_apply_to_stages_that_say_nothing) {
  const Workflow workflow = good(
      "version: 1\nstages:\n  a: {run: x}\n  b: {run: x, timeout: 1s, grace: 0s, retries: 0}\n"
      "defaults: {timeout: 30m, grace: 7s, retries: {max: 3, delay: 2s}}\n");
  EXPECT_EQ(workflow.stages[0].timeout, minutes(30));
  EXPECT_EQ(workflow.stages[0].grace, seconds(7));
  EXPECT_EQ(workflow.stages[0].retries.max, 3);
  EXPECT_EQ(workflow.stages[0].retries.delay, seconds(2));
  EXPECT_EQ(workflow.stages[1].timeout, seconds(1));
  EXPECT_EQ(workflow.stages[1].grace, seconds(0));
  EXPECT_EQ(workflow.stages[1].retries.max, 0);
}

TEST(ParseWorkflow, stage_without_words_has_the_documented_defaults) {
  const Stage stage = good("version: 1\nstages: {a: {run: x}}\n").stages[0];
  EXPECT_EQ(stage.name, "a");
  EXPECT_FALSE(stage.timeout.has_value());
  EXPECT_EQ(stage.grace, seconds(5));
  EXPECT_EQ(stage.retries.max, 0);
  EXPECT_EQ(stage.resources.cpus, 1);
}

TEST(ParseWorkflow, alias_stands_for_its_anchor) {
  const Workflow workflow =
      good("version: 1\nstages:\n  a: {run: x, env: &env {A: b}}\n  b: {run: x, env: *env}\n");
  EXPECT_EQ(workflow.stages[1].env, workflow.stages[0].env);
}

TEST(ParseWorkflow, always_stage_may_need_any_stage) {
  const Workflow workflow = good(
      "version: 1\nstages:\n  a: {run: x}\n  y: {run: x, always: true, needs: [a]}\n"
      "  z: {run: x, always: true, needs: [y]}\n");
  EXPECT_TRUE(workflow.stages[2].always);
  EXPECT_EQ(workflow.stages[2].needs, std::vector<int>{1});
}

TEST(ParseWorkflow, chain_of_ten_thousand_stages_is_read) {
  EXPECT_EQ(good(chain(10'000, false)).stages.back().needs, std::vector<int>{9'998});
}

TEST(ParseWorkflow, cycle_of_ten_thousand_stages_is_told_by_its_ends) {
  const LoadedWorkflow loaded = parse_workflow(chain(10'000, true), "w.yaml", "/");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(
      to_string(loaded.problems[0]),
      "w.yaml:3:24: stages need each other: s0 -> s9999 -> s9998 -> s9997 -> s9996 -> s9995 -> "
      "(9988 more) -> s6 -> s5 -> s4 -> s3 -> s2 -> s1 -> s0");
}

TEST(ParseWorkflow, mistakes_of_all_parts_come_together_sorted_by_place) {
  const LoadedWorkflow loaded = parse_workflow(
      "lanes: {l: {stages: [b]}}\nstages:\n  a: {run: x, needs: [c], timeout: 1}\nversion: 3\n",
      "w.yaml",
      "/");
  std::vector<int> lines;
  for (const Problem& problem : loaded.problems) {
    lines.push_back(problem.at.line);
  }
  EXPECT_EQ(lines, (std::vector<int>{1, 3, 3, 4}));
}

TEST(ParseWorkflow, mistakes_beyond_the_bound_are_only_said_to_be_there) {
  std::string text = "version: 1\nstages:\n  a:\n    run: x\n    needs:\n";
  for (std::size_t i = 0; i <= ProblemList::kMaxProblems; ++i) {
    text += fmt::format("      - unknown{}\n", i);
  }
  const LoadedWorkflow loaded = parse_workflow(text, "w.yaml", "/");
  ASSERT_EQ(loaded.problems.size(), ProblemList::kMaxProblems + 1);
  EXPECT_EQ(loaded.problems.back().message, "there are more than 10000 mistakes: fix these first");
}

TEST(ParseWorkflow, more_lanes_than_the_bound_are_refused) {
  std::string text = "version: 1\nstages: {a: {run: x}}\nlanes:\n";
  for (int i = 0; i < 101; ++i) {
    text += fmt::format("  l{}: {{}}\n", i);
  }
  const LoadedWorkflow loaded = parse_workflow(text, "w.yaml", "/");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(to_string(loaded.problems[0]), "w.yaml:104:3: more than 100 lanes");
}

}  // namespace
}  // namespace headway
