// Metrics and conditions to results.
#include "quality/gate_judgement.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace headway {
namespace {

const std::vector<MetricValue> kMetrics{
    {"pass_rate", 75}, {"total", 4}, {"none", std::nullopt, "why"}};

TEST(JudgeMetrics, condition_that_holds_passes_and_the_rest_is_told_beside_it) {
  const auto results =
      judge_metrics("tests", kMetrics, {{"pass_rate", {Comparison::at_least, 75}}}, false);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_TRUE(results[0].passed);
  EXPECT_EQ(results[0].threshold, ">= 75");
  EXPECT_EQ(results[1].metric, "total");
  EXPECT_EQ(results[1].threshold, "");
  EXPECT_TRUE(all_passed(results));
}

TEST(JudgeMetrics, condition_that_does_not_hold_says_what_was_found) {
  const auto results =
      judge_metrics("tests", kMetrics, {{"pass_rate", {Comparison::at_least, 80}}}, false);
  EXPECT_FALSE(all_passed(results));
  EXPECT_EQ(failure_text(results), "tests.pass_rate is 75, not >= 80");
}

TEST(JudgeMetrics, metric_without_a_value_fails_only_where_it_is_asked_for) {
  EXPECT_TRUE(all_passed(judge_metrics("tests", kMetrics, {}, false)));
  EXPECT_FALSE(all_passed(judge_metrics("tests", kMetrics, {}, true)));
  EXPECT_EQ(failure_text(judge_metrics("t", kMetrics, {{"none", {Comparison::below, 1}}}, false)),
            "t.none: why");
}

TEST(JudgeMetrics, two_conditions_on_one_metric_both_count) {
  const auto results =
      judge_metrics("t",
                    kMetrics,
                    {{"total", {Comparison::above, 3}}, {"total", {Comparison::not_equal, 4}}},
                    false);
  EXPECT_TRUE(results[0].passed);
  EXPECT_EQ(failure_text(results), "t.total is 4, not != 4");
}

TEST(JudgeMissing, every_condition_fails_and_the_reason_is_told_once) {
  const auto results =
      judge_missing("cov",
                    "coverage.xml: no such file",
                    {{"line", {Comparison::at_least, 70}}, {"branch", {Comparison::at_least, 50}}});
  EXPECT_EQ(results.size(), 2U);
  EXPECT_EQ(failure_text(results), "cov.line: coverage.xml: no such file");
}

TEST(JudgeMissing, without_a_condition_the_gate_itself_fails) {
  const auto results = judge_missing("cov", "gone", {});
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].metric, "");
  EXPECT_EQ(failure_text(results), "cov: gone");
}

TEST(FailureText, more_than_three_are_counted) {
  std::vector<GateResult> results;
  for (int i = 0; i < 5; ++i) {
    results.push_back({"g" + std::to_string(i), "m", 1.0, "", false, "is bad"});
  }
  EXPECT_EQ(failure_text(results), "g0.m is bad; g1.m is bad; g2.m is bad; and 2 more");
}

}  // namespace
}  // namespace headway
