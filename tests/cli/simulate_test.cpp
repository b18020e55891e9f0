// `headway simulate`: what it would take, of a workflow with a history and of a trace.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

const char* const kWorkflow = R"(version: 1
name: demo
stages:
  a: {run: sleep 0.2}
  b: {run: sleep 0.2}
  ship: {needs: [a, b], run: 'true'}
)";

// Four tasks: a diamond of 1, 2, 5 and 1 seconds.
const char* const kTrace = R"({"name": "diamond", "schemaVersion": "1.5", "workflow": {
  "specification": {"tasks": [
    {"name": "top", "id": "t", "parents": [], "children": ["l", "r"]},
    {"name": "side_1", "id": "l", "parents": ["t"], "children": ["e"]},
    {"name": "side_2", "id": "r", "parents": ["t"], "children": ["e"]},
    {"name": "end", "id": "e", "parents": ["l", "r"], "children": []}]},
  "execution": {"makespanInSeconds": 9, "executedAt": "2026-01-01T00:00:00Z", "tasks": [
    {"id": "t", "runtimeInSeconds": 1}, {"id": "l", "runtimeInSeconds": 2},
    {"id": "r", "runtimeInSeconds": 5}, {"id": "e", "runtimeInSeconds": 1.1}]}}})";

TEST(Simulate, trace_is_replayed_exactly) {
  Program program;
  program.write("t.json", kTrace);
  const Json document =
      program.run({"simulate", "--trace", "t.json", "-j", "1,2-3", "--json"}).json();
  const auto& scenarios = document["scenarios"].items();
  ASSERT_EQ(scenarios.size(), 3U);
  EXPECT_DOUBLE_EQ(scenarios[0]["expected_seconds"].as_number(), 9.1);
  EXPECT_DOUBLE_EQ(scenarios[1]["expected_seconds"].as_number(), 7.1);
  EXPECT_DOUBLE_EQ(scenarios[1]["p10_seconds"].as_number(), 7.1);
  EXPECT_DOUBLE_EQ(scenarios[1]["p90_seconds"].as_number(), 7.1);
  EXPECT_DOUBLE_EQ(scenarios[1]["lower_bound_seconds"].as_number(), 7.1);
  EXPECT_TRUE(scenarios[1]["memory_bytes"].is_null());
  const Json changed = program
                           .run({"simulate",
                                 "--trace",
                                 "t.json",
                                 "-j2",
                                 "--faster",
                                 "side=2x",
                                 "--without-need",
                                 "e:r",
                                 "--json"})
                           .json();
  EXPECT_DOUBLE_EQ(changed["scenarios"].items().at(0)["expected_seconds"].as_number(), 3.5);
  EXPECT_DOUBLE_EQ(changed["scenarios"].items().at(0)["unchanged_seconds"].as_number(), 7.1);
}

TEST(Simulate, trace_is_found_from_the_folder_of_dash_c) {
  Program program;
  program.write("sub/t.json", kTrace);
  EXPECT_EQ(program.run({"-C", "sub", "simulate", "--trace", "t.json"}).exit_code, 0);
  EXPECT_EQ(program.run({"simulate", "--trace", "t.json"}).exit_code, 2);
}

TEST(Simulate, bad_traces_are_named_with_what_is_wrong) {
  Program program;
  program.write("t.json", R"({"workflow": {"specification": {"tasks": [
    {"name": "x", "id": "x", "parents": ["x"], "children": []}]},
    "execution": {"tasks": [{"id": "x", "runtimeInSeconds": 1}]}}})");
  const ProgramResult cycle = program.run({"simulate", "--trace", "t.json"});
  EXPECT_EQ(cycle.exit_code, 2);
  EXPECT_TRUE(has(cycle.err, "t.json: a cycle")) << cycle.err;
}

TEST(Simulate, history_answers_and_expected_is_never_below_its_bound) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  ASSERT_EQ(program.run({"run", "-j2"}).exit_code, 0);
  ASSERT_EQ(program.run({"run", "-j2"}).exit_code, 0);
  const ProgramResult result = program.run({"simulate", "-j", "1,2", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto scenarios = result.json()["scenarios"].items();
  ASSERT_EQ(scenarios.size(), 2U);
  for (const Json& scenario : scenarios) {
    EXPECT_GE(scenario["expected_seconds"].as_number(),
              scenario["lower_bound_seconds"].as_number());
    EXPECT_LE(scenario["p10_seconds"].as_number(), scenario["p90_seconds"].as_number());
    EXPECT_GT(scenario["memory_bytes"].as_integer(), 0);
  }
  EXPECT_GT(scenarios[0]["expected_seconds"].as_number(),
            scenarios[1]["expected_seconds"].as_number());
  EXPECT_TRUE(has(result.err, "critical path")) << result.err;
  const Json automatic = program.run({"simulate", "-j", "1,auto", "--json"}).json();
  EXPECT_GE(automatic["scenarios"].items().size(), 1U);
}

TEST(Simulate, plan_and_simulation_expect_the_same) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  const Json plan = program.run({"plan", "-j2", "--json"}).json();
  const Json simulated = program.run({"simulate", "-j2", "--json"}).json();
  EXPECT_NEAR(simulated["scenarios"].items().at(0)["expected_seconds"].as_number(),
              plan["expected_seconds"].as_number(),
              1e-5);
}

TEST(Simulate, without_history_it_says_so_and_makes_nothing_up) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  const ProgramResult result = program.run({"simulate", "--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(has(result.err, "no history of this lane yet")) << result.err;
  EXPECT_TRUE(result.json()["scenarios"].items().at(0)["expected_seconds"].is_null());
}

TEST(Simulate, unknown_names_and_nonsense_are_refused) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  for (const auto& words : std::vector<std::vector<std::string>>{{"-j", "0"},
                                                                 {"--lane", "nope"},
                                                                 {"shop"},
                                                                 {"--faster", "shop=2x"},
                                                                 {"--faster", "a=0x"},
                                                                 {"--without-need", "a:b"},
                                                                 {"--without-need", "a"},
                                                                 {"--memory", "x"},
                                                                 {"--trace", "none.json"},
                                                                 {"--trace", "none.json", "a"}}) {
    std::vector<std::string> line{"simulate"};
    line.insert(line.end(), words.begin(), words.end());
    const ProgramResult result = program.run(line);
    EXPECT_EQ(result.exit_code, 2) << words[0] << ": " << result.err;
    EXPECT_EQ(result.out, "");
  }
  EXPECT_TRUE(has(program.run({"simulate", "shop"}).err, "did you mean 'ship'?"));
}

}  // namespace
}  // namespace headway
