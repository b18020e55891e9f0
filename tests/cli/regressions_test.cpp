// What became slower for good: headway stats, and the line after a run.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

// Seven quick runs, then `slow` ones, recorded as a history; the newest first run of the new level
// is run-8.
std::string history_of(int slow) {
  std::string text = "{\"profiles\": [";
  for (int run = 1; run <= 12 + slow; ++run) {
    const double seconds = (run > 12 ? 5.0 : 2.0) + 0.01 * (run % 5);
    char line[512];
    std::snprintf(line,
                  sizeof line,
                  "%s{\"workflow_id\": \"w\", \"workflow\": \"demo\", \"lane\": \"all\", "
                  "\"start_time\": \"2026-11-01T11:00:%02dZ\", \"end_time\": null, "
                  "\"total_duration_seconds\": %.3f, \"metadata\": {\"run_id\": \"run-%d\", "
                  "\"commit\": \"commit-%d\", \"status\": \"COMPLETED\"}, \"stages\": "
                  "[{\"stage_id\": 1, \"stage_name\": \"build\", \"stage_key\": \"build\", "
                  "\"start_time\": \"2026-11-01T11:00:%02dZ\", \"duration_seconds\": %.3f, "
                  "\"status\": \"COMPLETED\"}]}",
                  run == 1 ? "" : ",\n",
                  run,
                  seconds,
                  run,
                  run > 12 ? 2 : 1,
                  run,
                  seconds);
    text += line;
  }
  return text + "]}";
}

class RegressionsTest : public testing::Test {
 protected:
  RegressionsTest() {
    program.write("headway.yaml", R"(version: 1
name: demo
stages:
  build: {run: sleep 0.01}
lanes:
  all: {default: true}
)");
  }
  Program program;
};

TEST_F(RegressionsTest, stats_tell_run_commit_size_and_cause) {
  program.write("h.json", history_of(6));
  ASSERT_EQ(program.run({"history", "import", "h.json"}).exit_code, 0);
  const Json document = program.run({"stats", "--json"}).json();
  ASSERT_EQ(document["regressions"].items().size(), 1U);
  const Json& found = document["regressions"].items()[0];
  EXPECT_EQ(found["key"].as_string(), "build");
  EXPECT_EQ(found["at_run"].as_string(), "run-13");
  EXPECT_EQ(found["at_commit"].as_string(), "commit-2");
  EXPECT_EQ(found["before_commit"].as_string(), "commit-1");
  EXPECT_NEAR(found["before_seconds"].as_number(), 2, 0.05);
  EXPECT_NEAR(found["after_seconds"].as_number(), 5, 0.05);
  EXPECT_NEAR(found["change_percent"].as_number(), 150, 5);
  EXPECT_LT(found["p_value"].as_number(), 0.006);
  EXPECT_EQ(found["cause"].as_string(), "own_time");
  EXPECT_EQ(found["runs_since"].as_integer(), 6);
  EXPECT_TRUE(document["improvements"].items().empty());
  EXPECT_GE(document["stages"].items()[0]["smallest_detectable_percent"].as_number(), 5);
  const ProgramResult people = program.run({"stats"});
  EXPECT_TRUE(has(people.out, "build: slower since run")) << people.out;
  EXPECT_TRUE(has(people.out, "own time")) << people.out;
}

TEST_F(RegressionsTest, four_slow_runs_are_not_told_yet) {
  program.write("h.json", history_of(4));
  ASSERT_EQ(program.run({"history", "import", "h.json"}).exit_code, 0);
  EXPECT_TRUE(program.run({"stats", "--json"}).json()["regressions"].items().empty());
}

TEST_F(RegressionsTest, run_tells_a_young_one_in_a_line_and_no_old_one) {
  program.write("headway.yaml", R"(version: 1
name: demo
stages:
  build: {run: sleep 5}
lanes:
  all: {default: true}
)");
  program.write("h.json", history_of(6));
  ASSERT_EQ(program.run({"history", "import", "h.json"}).exit_code, 0);
  const ProgramResult young = program.run({"run"});
  EXPECT_TRUE(has(young.out, "build: slower since run")) << young.out << young.err;
  EXPECT_FALSE(has(program.run({"run", "-q"}).out, "slower since run"));
}

}  // namespace
}  // namespace headway
