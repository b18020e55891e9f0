// `headway backtest`: how good the estimates have been, on recorded runs and on the own history.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <fmt/format.h>

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

// Twelve parts of about ten seconds, then a merge; `pace` times as long as usual.
std::string trace(int number, double pace) {
  std::string tasks;
  std::string times;
  std::string parents;
  for (int i = 0; i < 12; ++i) {
    const std::string id = fmt::format("part_{}", i);
    tasks +=
        fmt::format(R"({{"name": "{0}", "id": "{0}", "parents": [], "children": ["merge"]}},)", id);
    times += fmt::format(R"({{"id": "{}", "runtimeInSeconds": {}}},)",
                         id,
                         pace * (10 + 0.1 * ((i * 7 + number * 3) % 10)));
    parents += fmt::format("{}\"{}\"", i == 0 ? "" : ",", id);
  }
  tasks += fmt::format(R"({{"name": "merge", "id": "merge", "parents": [{}], "children": []}})",
                       parents);
  times += fmt::format(R"({{"id": "merge", "runtimeInSeconds": {}}})", 2 * pace);
  return fmt::format(R"({{"name": "t", "schemaVersion": "1.5", "workflow": {{
    "specification": {{"tasks": [{}]}}, "execution": {{"tasks": [{}]}}}}}})",
                     tasks,
                     times);
}

TEST(Backtest, folder_of_traces_is_judged_family_by_family) {
  Program program;
  for (int i = 0; i < 4; ++i) {
    program.write(fmt::format("traces/steady/{}.json", i), trace(i, 1));
    program.write(fmt::format("traces/growing/{}.json", i), trace(i, 1 + i));
  }
  const ProgramResult result =
      program.run({"backtest", "--traces", "traces", "-j", "4,2", "--json"});
  EXPECT_EQ(result.exit_code, 0);
  const Json document = result.json();
  EXPECT_EQ(document["format"].as_number(), 1);
  const auto& jobs = document["jobs"].items();
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_EQ(jobs[0]["jobs"].as_number(), 2);
  EXPECT_EQ(jobs[1]["runs"].as_number(), 8);
  EXPECT_GE(jobs[1]["makespan_over_lower_bound_median"].as_number(), 1);
  const auto& points = jobs[1]["checkpoints"].items();
  ASSERT_EQ(points.size(), 4U);
  EXPECT_EQ(points[0]["at"].as_number(), 0.1);
  EXPECT_EQ(points[3]["at"].as_number(), 0.75);
  const auto& families = document["families"].items();
  ASSERT_EQ(families.size(), 2U);
  EXPECT_EQ(families[1]["family"].as_string(), "steady");
  const Json& steady = families[1]["jobs"].items().at(1)["checkpoints"].items().at(1);
  EXPECT_LT(steady["median_error"].as_number(), 0.05);
  EXPECT_GE(steady["interval_coverage"].as_number(), 0);
  EXPECT_TRUE(document["skipped"].items().empty());
}

TEST(Backtest, text_has_the_simple_rules_beside_it) {
  Program program;
  program.write("traces/0.json", trace(0, 1));
  program.write("traces/1.json", trace(1, 1));
  const ProgramResult result = program.run({"backtest", "--traces", "traces"});
  EXPECT_EQ(result.exit_code, 0);
  for (const char* text : {"4 jobs", "16 jobs", "Ninja's rule", "sum of means", "INSIDE"}) {
    EXPECT_TRUE(has(result.out, text)) << text;
  }
}

TEST(Backtest, file_that_is_no_trace_is_told_and_skipped) {
  Program program;
  program.write("traces/f/0.json", trace(0, 1));
  program.write("traces/f/1.json", trace(1, 1));
  program.write("traces/f/2.json", "{\"workflow\": ");
  const ProgramResult result = program.run({"backtest", "--traces", "traces", "--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(has(result.err, "skipped traces/f/2.json"));
  EXPECT_EQ(result.json()["jobs"].items().at(0)["runs"].as_number(), 2);
  EXPECT_EQ(result.json()["skipped"].items().size(), 1U);
}

TEST(Backtest, run_without_another_to_learn_from_is_told) {
  Program program;
  program.write("traces/alone/0.json", trace(0, 1));
  const ProgramResult result = program.run({"backtest", "--traces", "traces"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(has(result.err, "skipped alone"));
  EXPECT_TRUE(has(result.out, "no run to judge"));
}

TEST(Backtest, what_cannot_be_done_is_said) {
  Program program;
  program.write("empty/readme.txt", "nothing");
  EXPECT_EQ(program.run({"backtest", "--traces", "nowhere"}).exit_code, 2);
  const ProgramResult empty = program.run({"backtest", "--traces", "empty"});
  EXPECT_EQ(empty.exit_code, 2);
  EXPECT_TRUE(has(empty.err, "no .json file"));
  for (const char* jobs : {"0", "x", "auto", "4,,2"}) {
    const ProgramResult wrong = program.run({"backtest", "--traces", "empty", "-j", jobs});
    EXPECT_EQ(wrong.exit_code, 2) << jobs;
    EXPECT_TRUE(has(wrong.err, "--jobs")) << jobs;
  }
}

TEST(Backtest, own_runs_are_judged_by_those_before_them) {
  Program program;
  program.write("headway.yaml", R"(version: 1
name: demo
stages:
  a: {run: sleep 0.2}
  b: {run: sleep 0.1}
  c: {needs: [a, b], run: sleep 0.1}
)");
  EXPECT_TRUE(has(program.run({"backtest"}).out, "no run to judge"));
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(program.run({"run", "-j2"}).exit_code, 0);
  }
  const Json document = program.run({"backtest", "-j", "2", "--json"}).json();
  const Json& jobs = document["jobs"].items().at(0);
  EXPECT_EQ(jobs["runs"].as_number(), 2);
  EXPECT_LT(jobs["checkpoints"].items().at(2)["median_error"].as_number(), 0.5);
}

}  // namespace
}  // namespace headway
