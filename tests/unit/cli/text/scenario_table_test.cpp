// Scenarios in words and as JSON.
#include "cli/text/scenario_table.hpp"

#include "base/json.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using namespace std::chrono_literals;

ScenarioTable table(const std::vector<std::pair<int, Nanos>>& curve) {
  ScenarioTable made;
  made.title = "demo, lane full";
  made.lane = "full";
  made.stages = 9;
  made.critical_path = 10s;
  made.critical_stages = {"a", "b"};
  for (const auto& [jobs, takes] : curve) {
    Scenario scenario;
    scenario.jobs = jobs;
    scenario.answer = {.expected = takes,
                       .p10 = takes - 1s,
                       .p90 = takes + 1s,
                       .lower_bound = 10s,
                       .confidence = 0.9,
                       .runs = 9};
    made.scenarios.push_back(scenario);
  }
  return made;
}

std::string text(const ScenarioTable& table) {
  return scenario_text(table, Paint(), 0);
}

TEST(ScenarioTable, knee_is_told_as_a_share_of_the_fastest) {
  const std::string told = text(table({{1, 80s}, {4, 25s}, {16, 23s}}));
  EXPECT_TRUE(has(told, "4 jobs give 92 % of the speed of 16")) << told;
  EXPECT_TRUE(has(told, "90 % sure, from 9 runs")) << told;
  EXPECT_TRUE(has(told, "below 10 s: the critical path a > b")) << told;
}

TEST(ScenarioTable, end_of_the_gain_and_end_of_the_question_are_told_apart) {
  EXPECT_TRUE(
      has(text(table({{1, 20s}, {2, 10s}, {4, 10s}})), "more than 2 jobs make it no faster"));
  EXPECT_TRUE(has(text(table({{1, 10s}, {2, 10s}})), "more than 1 job makes it no faster"));
  EXPECT_TRUE(has(text(table({{1, 80s}, {2, 40s}})), "more than 2 jobs may pay still"));
}

TEST(ScenarioTable, one_scenario_has_no_knee) {
  const ScenarioTable one = table({{4, 25s}});
  EXPECT_FALSE(has(text(one), "speed of")) << text(one);
  EXPECT_TRUE(Json::parse(scenario_document(one, {}))->operator[]("knee").is_null());
}

TEST(ScenarioTable, without_history_there_are_no_numbers) {
  ScenarioTable unknown = table({{1, 0s}, {2, 0s}});
  for (Scenario& scenario : unknown.scenarios) {
    scenario.answer = {};
  }
  EXPECT_TRUE(has(text(unknown), "no history of this lane yet"));
  const auto document = Json::parse(scenario_document(unknown, {}));
  ASSERT_TRUE(document);
  const Json& first = (*document)["scenarios"].items().at(0);
  EXPECT_EQ(first["jobs"].as_integer(), 1);
  for (const char* name :
       {"expected_seconds", "p10_seconds", "p90_seconds", "lower_bound_seconds"}) {
    EXPECT_TRUE(first.contains(name) && first[name].is_null()) << name;
  }
  EXPECT_EQ((*document)["confidence"].as_number(), 0);
}

TEST(ScenarioTable, document_has_what_was_asked_and_answered) {
  ScenarioTable asked = table({{1, 80s}, {4, 25s}});
  asked.is_changed = true;
  asked.faster = {{"unit", 2}};
  asked.without_need = {"ship:lint"};
  asked.scenarios[1].now = 30s;
  asked.scenarios[0].memory_bytes = 1024;
  asked.scenarios[1].memory_bytes = 1024;
  const auto document = Json::parse(scenario_document(asked, {}));
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["format"].as_integer(), 1);
  EXPECT_EQ((*document)["lane"].as_string(), "full");
  EXPECT_EQ((*document)["knee"]["jobs"].as_integer(), 4);
  const Json& second = (*document)["scenarios"].items().at(1);
  EXPECT_EQ(second["memory_bytes"].as_integer(), 1024);
  EXPECT_EQ(second["faster"].items().at(0)["key"].as_string(), "unit");
  EXPECT_DOUBLE_EQ(second["faster"].items().at(0)["factor"].as_number(), 2);
  EXPECT_EQ(second["without_needs"].items().at(0).as_string(), "ship:lint");
  EXPECT_DOUBLE_EQ(second["expected_seconds"].as_number(), 25);
  EXPECT_DOUBLE_EQ(second["unchanged_seconds"].as_number(), 30);
  EXPECT_TRUE(has(text(asked), "'unit' 2 times as fast, without the need ship:lint"));
}

TEST(ScenarioTable, more_jobs_than_cpus_are_told) {
  ScenarioTable wide = table({{1, 20s}, {4, 10s}});
  wide.usable_cpus = 2;
  EXPECT_TRUE(has(text(wide), "this machine has 2 CPUs"));
  wide.usable_cpus = 4;
  EXPECT_FALSE(has(text(wide), "this machine"));
}

}  // namespace
}  // namespace headway::cli
