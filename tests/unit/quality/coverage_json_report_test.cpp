// Coverage as JSON: what is added up, and reports that are no good. (Real ones: integration.)
#include "support/report_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::HasSubstr;

std::string json(std::string_view text) {
  return report_line(ReportFormat::coverage_json, text);
}

TEST(CoverageJson, percent_that_mixes_lines_and_branches_is_not_taken) {
  EXPECT_EQ(json("{\"totals\": {\"percent_covered\": 99.5, \"num_statements\": 4, "
                 "\"covered_lines\": 1}}"),
            "line=25 branch=-");
}

TEST(CoverageJson, line_with_several_statements_counts_once) {
  EXPECT_EQ(
      json("{\"f.js\": {\"statementMap\": {\"0\": {\"start\": {\"line\": 1}}, \"1\": "
           "{\"start\": {\"line\": 1}}, \"2\": {\"start\": {\"line\": 2}}}, \"s\": {\"0\": 0, "
           "\"1\": 3, \"2\": 0}, \"b\": {\"0\": [1, 0, 0]}}}"),
      "line=50 branch=33.333333");
}

TEST(CoverageJson, unknown_and_broken_json_is_refused) {
  EXPECT_THAT(json("{\"coverage\": 80}"), HasSubstr("no coverage in it that is known"));
  EXPECT_THAT(json("{\"totals\": "), HasSubstr("no JSON: byte"));
  EXPECT_THAT(json(std::string(300, '[')), HasSubstr("nested deeper"));
  EXPECT_EQ(json(""), "error: it is empty");
}

}  // namespace
}  // namespace headway
