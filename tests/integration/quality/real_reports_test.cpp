// Reports as tools wrote them (tests/data/reports): pytest 7.2, coverage.py 6.5, gcovr 5.2, jest,
// mocha, CTest, GoogleTest, istanbul, c8 and llvm-cov ran for these; those of Surefire,
// go-junit-report, nextest, bandit and CodeQL follow their documented form.
#include "base/files.hpp"
#include "support/report_text.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

std::string line_of(ReportFormat format, const std::string& name) {
  const auto text = read_file(std::string(HEADWAY_SOURCE_DIR "/tests/data/reports/") + name);
  return text ? report_line(format, *text) : text.error().message;
}

TEST(RealReports, junit_of_every_tool_counts_each_case_once) {
  const auto junit = [](const std::string& name) { return line_of(ReportFormat::junit, name); };
  // (pytest says tests="9": the case whose teardown failed counts twice there.)
  EXPECT_EQ(junit("pytest.xml"),
            "pass_rate=33.333333 total=8 passed=2 failed=2 errors=2 skipped=2");
  EXPECT_EQ(junit("gtest.xml"), "pass_rate=50 total=4 passed=1 failed=1 errors=0 skipped=2");
  EXPECT_EQ(junit("jest.xml"), "pass_rate=66.666667 total=8 passed=4 failed=2 errors=0 skipped=2");
  EXPECT_EQ(junit("mocha.xml"), "pass_rate=50 total=3 passed=1 failed=1 errors=0 skipped=1");
  EXPECT_EQ(junit("surefire.xml"), "pass_rate=50 total=5 passed=2 failed=1 errors=1 skipped=1");
  EXPECT_EQ(junit("go-junit-report.xml"),
            "pass_rate=50 total=3 passed=1 failed=1 errors=0 skipped=1");
  EXPECT_EQ(junit("nextest.xml"),
            "pass_rate=66.666667 total=3 passed=2 failed=1 errors=0 skipped=0");
}

TEST(RealReports, a_ctest_case_whose_program_is_missing_is_an_error_not_a_skip) {
  EXPECT_EQ(line_of(ReportFormat::junit, "ctest.xml"),
            "pass_rate=25 total=6 passed=1 failed=2 errors=1 skipped=2");
}

TEST(RealReports, cobertura_takes_the_counts_of_the_root) {
  const auto cobertura = [](const std::string& name) {
    return line_of(ReportFormat::cobertura, name);
  };
  EXPECT_EQ(cobertura("istanbul-cobertura.xml"), "line=80 branch=100");
  EXPECT_EQ(cobertura("c8-cobertura.xml"), "line=47.058824 branch=100");
  EXPECT_EQ(cobertura("coverage-py.xml"), "line=83.333333 branch=50");
  EXPECT_EQ(cobertura("gcovr-cobertura.xml"), "line=62.5 branch=25");
}

TEST(RealReports, lcov_adds_up_all_records) {
  EXPECT_EQ(line_of(ReportFormat::lcov, "istanbul.lcov"), "line=80 branch=100");
  EXPECT_EQ(line_of(ReportFormat::lcov, "c8.lcov"), "line=47.058824 branch=100");
  EXPECT_EQ(line_of(ReportFormat::lcov, "llvm-cov.lcov"), "line=58.333333 branch=50");
  EXPECT_EQ(line_of(ReportFormat::lcov, "coverage-py.lcov"), "line=83.333333 branch=50");
}

TEST(RealReports, coverage_json_of_every_tool_is_told_apart_by_its_keys) {
  const auto json = [](const std::string& name) {
    return line_of(ReportFormat::coverage_json, name);
  };
  EXPECT_EQ(json("coverage-py.json"), "line=83.333333 branch=50");
  EXPECT_EQ(json("istanbul-summary.json"), "line=80 branch=100");
  EXPECT_EQ(json("istanbul-final.json"), "line=80 branch=100");
  EXPECT_EQ(json("c8-summary.json"), "line=47.058824 branch=100");
  EXPECT_EQ(json("llvm-cov.json"), "line=58.333333 branch=50");
  EXPECT_EQ(json("gcovr-summary.json"), "line=62.5 branch=25");
}

TEST(RealReports, sarif_counts_by_level_and_by_severity) {
  EXPECT_EQ(line_of(ReportFormat::sarif, "bandit.sarif"),
            "error=1 warning=0 note=2 high=1 medium=0 low=2");
  EXPECT_EQ(line_of(ReportFormat::sarif, "codeql.sarif"),
            "error=1 warning=1 note=1 high=1 medium=1 low=0");
}

}  // namespace
}  // namespace headway
