// What counts in a JUnit report, and reports that are no good. (Real ones: integration.)
#include "support/report_text.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

std::string junit(std::string_view text) {
  return report_line(ReportFormat::junit, text);
}

TEST(JunitReport, case_with_failure_and_error_counts_once_as_failed) {
  EXPECT_EQ(junit("<testsuite><testcase><failure/><error/></testcase><testcase/></testsuite>"),
            "pass_rate=50 total=2 passed=1 failed=1 errors=0 skipped=0");
}

TEST(JunitReport, skipped_cases_do_not_count_for_the_pass_rate) {
  EXPECT_EQ(junit("<testsuite><testcase><skipped/></testcase><testcase/></testsuite>"),
            "pass_rate=100 total=2 passed=1 failed=0 errors=0 skipped=1");
}

TEST(JunitReport, pass_rate_of_nothing_but_skipped_cases_is_no_number) {
  EXPECT_EQ(junit("<testsuite><testcase><skipped/></testcase></testsuite>"),
            "pass_rate=- total=1 passed=0 failed=0 errors=0 skipped=1");
}

TEST(JunitReport, nested_suites_count_their_cases_not_their_numbers) {
  EXPECT_EQ(junit("<testsuites tests='9'><testsuite tests='9'><testsuite tests='9'><testcase/>"
                  "</testsuite><testcase/></testsuite></testsuites>"),
            "pass_rate=100 total=2 passed=2 failed=0 errors=0 skipped=0");
}

TEST(JunitReport, without_cases_the_outermost_numbers_count) {
  EXPECT_EQ(junit("<testsuites><testsuite tests='4' failures='1'><testsuite tests='3'/></testsuite>"
                  "<testsuite tests='2' errors='1' skipped='1'/></testsuites>"),
            "pass_rate=60 total=6 passed=3 failed=1 errors=1 skipped=1");
}

TEST(JunitReport, numbers_without_cases_that_cannot_be_are_refused) {
  for (const char* text : {"<testsuite tests='5' failures='9'/>",
                           "<testsuite tests='5' failures='NaN'/>",
                           "<testsuite tests='5' errors='-1'/>"}) {
    EXPECT_EQ(junit(text),
              "error: it has no test case, and the numbers of its suites contradict each other")
        << text;
  }
  EXPECT_EQ(junit("<testsuite tests='1' failures=''/>"),
            "pass_rate=100 total=1 passed=1 failed=0 errors=0 skipped=0");
}

TEST(JunitReport, failure_of_the_suite_itself_counts_as_an_error) {
  EXPECT_EQ(junit("<testsuite><error message='fixture'/><testcase/></testsuite>"),
            "pass_rate=50 total=2 passed=1 failed=0 errors=1 skipped=0");
}

TEST(JunitReport, words_below_a_case_are_not_taken_for_its_end) {
  EXPECT_EQ(
      junit("<testsuite><testcase><properties><failure/></properties></testcase></testsuite>"),
      "pass_rate=100 total=1 passed=1 failed=0 errors=0 skipped=0");
}

TEST(JunitReport, report_without_a_case_is_refused) {
  EXPECT_EQ(junit("<testsuites tests='0'/>"), "error: it has no test case");
  EXPECT_EQ(junit(""), "error: it is empty");
}

TEST(JunitReport, other_xml_is_refused_by_its_root) {
  EXPECT_EQ(junit("<coverage/>"), "error: no JUnit report: its root is <coverage>");
}

TEST(JunitReport, report_that_is_cut_off_is_refused_with_the_place) {
  EXPECT_EQ(junit("<testsuite>\n<testcase/>"),
            "error: no usable XML at line 2, column 12: no element found");
}

TEST(JunitReport, unknown_single_byte_encodings_are_read) {
  EXPECT_EQ(junit("<?xml version='1.0' encoding='windows-1252'?><testsuite><testcase name='\x93'/>"
                  "</testsuite>"),
            "pass_rate=100 total=1 passed=1 failed=0 errors=0 skipped=0");
}

}  // namespace
}  // namespace headway
