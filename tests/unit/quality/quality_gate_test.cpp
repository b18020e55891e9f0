// QualityGate as a program uses it.
#include "headway/quality.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::HasSubstr;

std::string refusal(GateOptions options) {
  const auto gate = QualityGate::create(std::move(options));
  return gate ? "" : gate.error().message;
}

TEST(QualityGate, report_in_memory_is_judged) {
  const auto gate = QualityGate::create(
      {.name = "tests", .format = "junit", .report = "", .thresholds = {{"pass_rate", ">= 100"}}});
  ASSERT_TRUE(gate) << gate.error().message;
  EXPECT_TRUE(all_passed(gate->evaluate_text("<testsuite><testcase/></testsuite>")));
  const auto results =
      gate->evaluate_text("<testsuite><testcase><failure/></testcase></testsuite>");
  EXPECT_FALSE(results.at(0).passed);
  EXPECT_EQ(results.at(0).reason, "is 0, not >= 100");
}

TEST(QualityGate, report_that_is_missing_does_not_pass_and_says_so) {
  const auto gate =
      QualityGate::create({.name = "cov", .format = "lcov", .report = "/nonexistent/lcov.info"});
  ASSERT_TRUE(gate);
  const auto results = gate->evaluate();
  ASSERT_EQ(results.size(), 1U);
  EXPECT_FALSE(results[0].passed);
  EXPECT_THAT(results[0].reason, HasSubstr("/nonexistent/lcov.info: No such file"));
}

TEST(QualityGate, mistakes_in_the_options_are_refused_by_name) {
  EXPECT_THAT(refusal({.name = "g", .format = "xml", .report = ""}),
              HasSubstr("unknown format 'xml'"));
  EXPECT_THAT(refusal({.name = "g", .format = "exit", .report = ""}), HasSubstr("unknown format"));
  EXPECT_THAT(refusal({.name = "g", .format = "json", .report = ""}), HasSubstr("has no metrics"));
  EXPECT_THAT(refusal({.name = "g", .format = "regex", .report = "", .metrics = {{"n", "\\d+"}}}),
              HasSubstr("captures nothing"));
  EXPECT_THAT(refusal({.name = "g", .format = "json", .report = "", .metrics = {{"n", "a"}}}),
              HasSubstr("no JSON pointer"));
  EXPECT_THAT(refusal({.name = "g",
                       .format = "junit",
                       .report = "",
                       .metrics = {},
                       .thresholds = {{"line", ">= 1"}}}),
              HasSubstr("no metric 'line': it has pass_rate"));
  EXPECT_THAT(refusal({.name = "g",
                       .format = "junit",
                       .report = "",
                       .metrics = {},
                       .thresholds = {{"total", "80"}}}),
              HasSubstr("'80' is no threshold"));
}

}  // namespace
}  // namespace headway
