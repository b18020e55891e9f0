// SARIF: which findings count, and how grave they are. (Real ones: integration.)
#include "support/report_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::HasSubstr;

// One run with these results and rules.
std::string sarif(const std::string& results, const std::string& rules = "") {
  return report_line(ReportFormat::sarif,
                     "{\"runs\": [{\"results\": [" + results +
                         "], \"tool\": {\"driver\": " + "{\"rules\": [" + rules + "]}}}]}");
}

TEST(SarifReport, no_finding_is_all_zeros) {
  EXPECT_EQ(sarif(""), "error=0 warning=0 note=0 high=0 medium=0 low=0");
}

TEST(SarifReport, run_without_results_tells_of_no_scan) {
  for (const char* run : {"{}", "{\"results\": null}", "{\"results\": []}, {}"}) {
    EXPECT_EQ(report_line(ReportFormat::sarif, std::string("{\"runs\": [") + run + "]}"),
              "error: it has a run without 'results': it tells of no scan")
        << run;
  }
  EXPECT_EQ(sarif("null"), "error: one of its results is no object");
}

TEST(SarifReport, finding_without_a_level_takes_that_of_its_rule_or_is_a_warning) {
  EXPECT_EQ(sarif("{\"ruleId\": \"a\"}, {\"ruleId\": \"b\"}, {\"ruleId\": \"a/1\"}",
                  "{\"id\": \"a\", \"defaultConfiguration\": {\"level\": \"error\"}}"),
            "error=2 warning=1 note=0 high=0 medium=0 low=0");
}

TEST(SarifReport, severity_of_the_rule_has_the_bounds_of_code_scanning) {
  const std::string rules =
      "{\"properties\": {\"security-severity\": \"7.0\"}}, {\"properties\": "
      "{\"security-severity\": 6.9}}, {\"properties\": {\"security-severity\": \"0.1\"}}, "
      "{\"properties\": {\"security-severity\": \"0.0\"}}";
  EXPECT_EQ(sarif("{\"ruleIndex\": 0}, {\"ruleIndex\": 1}, {\"ruleIndex\": 2}, {\"ruleIndex\": 3}",
                  rules),
            "error=0 warning=4 note=0 high=1 medium=1 low=1");
}

TEST(SarifReport, finding_of_a_security_rule_without_a_score_goes_by_its_level) {
  EXPECT_EQ(sarif("{\"ruleIndex\": 0, \"level\": \"error\"}, {\"ruleIndex\": 0}",
                  "{\"properties\": {\"tags\": [\"security\"]}}"),
            "error=1 warning=1 note=0 high=1 medium=1 low=0");
}

TEST(SarifReport, what_is_suppressed_absent_or_no_failure_does_not_count) {
  EXPECT_EQ(sarif("{\"level\": \"error\", \"suppressions\": [{\"kind\": \"external\"}]}, "
                  "{\"level\": \"error\", \"suppressions\": [{\"kind\": \"external\", "
                  "\"status\": \"rejected\"}]}, "
                  "{\"level\": \"error\", \"baselineState\": \"absent\"}, {\"kind\": \"pass\"}, "
                  "{\"level\": \"error\", \"suppressions\": []}"),
            "error=2 warning=0 note=0 high=0 medium=0 low=0");
}

TEST(SarifReport, runs_do_not_share_their_rules) {
  EXPECT_EQ(report_line(ReportFormat::sarif,
                        "{\"runs\": [{\"tool\": {\"driver\": {\"rules\": [{\"id\": \"a\", "
                        "\"defaultConfiguration\": {\"level\": \"error\"}}]}}, \"results\": []}, "
                        "{\"results\": [{\"ruleId\": \"a\"}]}]}"),
            "error=0 warning=1 note=0 high=0 medium=0 low=0");
}

TEST(SarifReport, tool_that_says_it_failed_is_no_proof_of_anything) {
  EXPECT_THAT(report_line(ReportFormat::sarif,
                          "{\"runs\": [{\"invocations\": [{\"executionSuccessful\": false}], "
                          "\"results\": []}]}"),
              HasSubstr("executionSuccessful"));
}

TEST(SarifReport, log_without_a_run_is_refused) {
  EXPECT_THAT(report_line(ReportFormat::sarif, "{\"runs\": []}"), HasSubstr("it has no run"));
  EXPECT_THAT(report_line(ReportFormat::sarif, "[1, 2]"), HasSubstr("it has no run"));
}

}  // namespace
}  // namespace headway
