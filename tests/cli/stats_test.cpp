// `headway stats`: what the runs so far say.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

const char* const kWorkflow = R"(version: 1
name: demo
stages:
  setup: {run: sleep 0.05}
  lint: {needs: [setup], run: 'true'}
  unit: {needs: [setup], run: sleep 0.3}
  ship: {needs: [lint, unit], run: 'test ! -e broken'}
lanes:
  full: {default: true}
  quick: {stages: [setup, lint]}
)";

const Json& stage(const Json& document, const std::string& key) {
  for (const Json& each : document["stages"].items()) {
    if (each["key"].as_string() == key) {
      return each;
    }
  }
  static const Json none;
  return none;
}

TEST(Stats, runs_are_summed_up_and_the_long_stage_is_the_bottleneck) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  ASSERT_EQ(program.run({"run", "-j2"}).exit_code, 0);
  ASSERT_EQ(program.run({"run", "-j2"}).exit_code, 0);
  program.write("broken", "");
  ASSERT_EQ(program.run({"run", "-j2"}).exit_code, 1);
  const ProgramResult result = program.run({"stats", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Json document = result.json();
  EXPECT_EQ(document["lane"].as_string(), "full");
  EXPECT_EQ(document["runs"].as_integer(), 3);
  EXPECT_NEAR(document["success_rate"].as_number(), 2.0 / 3, 1e-6);
  EXPECT_GT(document["duration"]["median_seconds"].as_number(), 0.3);
  EXPECT_EQ(document["stages"].items().size(), 4U);
  const Json& unit = stage(document, "unit");
  EXPECT_EQ(unit["runs"].as_integer(), 3);
  EXPECT_GT(unit["median_seconds"].as_number(), 0.29);
  EXPECT_DOUBLE_EQ(unit["critical_share"].as_number(), 1);
  EXPECT_NEAR(stage(document, "ship")["failure_rate"].as_number(), 1.0 / 3, 1e-6);
  EXPECT_EQ(document["bottlenecks"].items().at(0)["key"].as_string(), "unit");
  EXPECT_GT(document["bottlenecks"].items().at(0)["saving_seconds"].as_number(), 0.2);
  EXPECT_TRUE(document["regressions"].is_array());
  // What saves less than two seconds is no advice.
  EXPECT_TRUE(document["recommendations"].items().empty());
  EXPECT_TRUE(has(result.err, "unit")) << result.err;
}

TEST(Stats, stage_that_needs_a_second_attempt_is_flaky) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  it: {run: 'test -e once || { touch once; exit 1; }', retries: {max: 1, delay: 1ms}}
)");
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  const Json document = program.run({"stats", "--json"}).json();
  EXPECT_DOUBLE_EQ(stage(document, "it")["flaky_rate"].as_number(), 0.5);
  EXPECT_DOUBLE_EQ(stage(document, "it")["failure_rate"].as_number(), 0);
}

TEST(Stats, lane_without_history_says_so_and_one_that_is_not_there_is_refused) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  const ProgramResult quick = program.run({"stats", "--lane", "quick", "--json"});
  EXPECT_EQ(quick.exit_code, 0);
  EXPECT_TRUE(has(quick.err, "no history of this lane yet")) << quick.err;
  EXPECT_EQ(quick.json()["runs"].as_integer(-1), 0);
  EXPECT_TRUE(quick.json()["success_rate"].is_null());
  const ProgramResult none = program.run({"stats", "--lane", "quik"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_TRUE(has(none.err, "did you mean 'quick'?")) << none.err;
  EXPECT_EQ(program.run({"stats", "unit"}).exit_code, 2);
}

TEST(Stats, stage_that_was_renamed_is_listed_after_those_there_are) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {old: {run: 'true'}}\n");
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  program.write("headway.yaml", "version: 1\nstages: {young: {run: 'true'}}\n");
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  const auto stages = program.run({"stats", "--json"}).json()["stages"].items();
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_EQ(stages[0]["key"].as_string(), "young");
  EXPECT_EQ(stages[1]["key"].as_string(), "old");
}

TEST(Stats, damaged_history_is_told_and_left_alone) {
  Program program;
  program.write("headway.yaml", kWorkflow);
  program.write(".headway/history.db", "this is no database, but long enough to be read as one");
  const ProgramResult result = program.run({"stats"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(has(result.err, "history")) << result.err;
}

}  // namespace
}  // namespace headway
