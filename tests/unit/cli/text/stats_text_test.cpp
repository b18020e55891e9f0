// The numbers of a lane, in words and as JSON.
#include "cli/text/stats_text.hpp"

#include "base/json.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

StatsView view() {
  StatsView made;
  made.workflow = "demo";
  made.lane = "full";
  LaneSummary& lane = made.study.summary;
  lane.runs = 20;
  lane.complete = 18;
  lane.success_rate = 0.9;
  lane.median = 60;
  lane.p90 = 72;
  lane.min = 51;
  lane.max = 80;
  StageSummary unit;
  unit.key = "unit";
  unit.runs = 20;
  unit.succeeded = 19;
  unit.mean = 31;
  unit.median = 30;
  unit.p90 = 40;
  unit.trend = {Direction::rising, 1.25, 0.01};
  unit.failure_rate = 0.05;
  unit.flaky_rate = 0.1;
  unit.critical_share = 0.75;
  unit.peak_memory_p90 = 1 << 20;
  lane.stages.push_back(unit);
  StageSummary broken;  // never succeeded, never measured
  broken.key = "it";
  broken.runs = 2;
  broken.failure_rate = 1;
  lane.stages.push_back(broken);
  made.study.bottlenecks = {{"unit", 12.5, 6.25}};
  made.study.recommendations = {
      {"split_stage", "unit", "split stage 'unit'", 10, "it is long", 0.4}};
  return made;
}

TEST(StatsText, misses_of_the_target_are_counted) {
  StatsView made = view();
  EXPECT_FALSE(has(stats_document(made, {}), "\"sla\""));
  made.target = std::chrono::seconds(70);
  made.over_target = 3;
  EXPECT_TRUE(has(stats_text(made, Paint(), 0), "SLA of 1 min 10 s: missed by 3 of 18 runs\n"));
  EXPECT_TRUE(has(stats_document(made, {}), R"("sla":{"target_seconds":70,"missed_runs":3})"));
}

TEST(StatsText, document_is_that_of_the_contract) {
  const auto parsed = Json::parse(stats_document(view(), {}));
  ASSERT_TRUE(parsed);
  const Json& document = *parsed;
  EXPECT_EQ(document["format"].as_integer(), 1);
  EXPECT_EQ(document["lane"].as_string(), "full");
  EXPECT_EQ(document["runs"].as_integer(), 20);
  EXPECT_DOUBLE_EQ(document["success_rate"].as_number(), 0.9);
  EXPECT_DOUBLE_EQ(document["duration"]["median_seconds"].as_number(), 60);
  EXPECT_DOUBLE_EQ(document["duration"]["p90_seconds"].as_number(), 72);
  EXPECT_DOUBLE_EQ(document["duration"]["min_seconds"].as_number(), 51);
  EXPECT_DOUBLE_EQ(document["duration"]["max_seconds"].as_number(), 80);
  const Json& unit = document["stages"].items().at(0);
  EXPECT_EQ(unit["key"].as_string(), "unit");
  EXPECT_EQ(unit["runs"].as_integer(), 20);
  EXPECT_DOUBLE_EQ(unit["mean_seconds"].as_number(), 31);
  EXPECT_DOUBLE_EQ(unit["median_seconds"].as_number(), 30);
  EXPECT_DOUBLE_EQ(unit["p90_seconds"].as_number(), 40);
  EXPECT_EQ(unit["trend"].as_string(), "rising");
  EXPECT_DOUBLE_EQ(unit["failure_rate"].as_number(), 0.05);
  EXPECT_DOUBLE_EQ(unit["flaky_rate"].as_number(), 0.1);
  EXPECT_DOUBLE_EQ(unit["critical_share"].as_number(), 0.75);
  EXPECT_EQ(unit["peak_memory_p90_bytes"].as_integer(), 1 << 20);
  const Json& bottleneck = document["bottlenecks"].items().at(0);
  EXPECT_EQ(bottleneck["key"].as_string(), "unit");
  EXPECT_DOUBLE_EQ(bottleneck["saving_seconds"].as_number(), 12.5);
  EXPECT_DOUBLE_EQ(bottleneck["saving_if_2x_faster_seconds"].as_number(), 6.25);
  EXPECT_TRUE(document["regressions"].is_array());
  const Json& advice = document["recommendations"].items().at(0);
  EXPECT_EQ(advice["id"].as_string(), "split_stage");
  EXPECT_EQ(advice["text"].as_string(), "split stage 'unit'");
  EXPECT_DOUBLE_EQ(advice["saving_seconds"].as_number(), 10);
  EXPECT_EQ(advice["evidence"].as_string(), "it is long");
}

TEST(StatsText, what_is_not_known_is_null) {
  const auto parsed = Json::parse(stats_document(view(), {}));
  ASSERT_TRUE(parsed);
  const Json& broken = (*parsed)["stages"].items().at(1);
  for (const char* name : {"mean_seconds",
                           "median_seconds",
                           "p90_seconds",
                           "flaky_rate",
                           "critical_share",
                           "peak_memory_p90_bytes"}) {
    EXPECT_TRUE(broken.contains(name) && broken[name].is_null()) << name;
  }
  EXPECT_EQ(broken["trend"].as_string(), "unknown");
  const auto empty = Json::parse(stats_document({"demo", "full", {}}, {}));
  ASSERT_TRUE(empty);
  EXPECT_TRUE((*empty)["success_rate"].is_null());
  EXPECT_TRUE((*empty)["duration"]["median_seconds"].is_null());
  EXPECT_EQ((*empty)["runs"].as_integer(), 0);
}

TEST(StatsText, people_read_stages_bottlenecks_and_advice) {
  const std::string text = stats_text(view(), Paint(), 0);
  EXPECT_TRUE(has(text, "demo, lane full: 20 runs, 90 % succeeded")) << text;
  EXPECT_TRUE(has(text, "median 1 min 00 s, 9 of 10 within 1 min 12 s")) << text;
  EXPECT_TRUE(has(text, "+1.2 %/run") || has(text, "+1.3 %/run")) << text;
  EXPECT_TRUE(has(text, "-12 s") || has(text, "-13 s")) << text;
  EXPECT_TRUE(has(text, "-10 s  split stage 'unit'")) << text;
  EXPECT_TRUE(has(text, "it is long (40 % sure)")) << text;
}

TEST(StatsText, without_history_it_says_so) {
  EXPECT_TRUE(has(stats_text({"demo", "full", {}}, Paint(), 0), "no history of this lane yet"));
}

}  // namespace
}  // namespace headway::cli
