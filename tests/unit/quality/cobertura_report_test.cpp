// Cobertura: what is added up, and reports that are no good. (Real ones: integration.)
#include "support/report_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::HasSubstr;

std::string cobertura(std::string_view text) {
  return report_line(ReportFormat::cobertura, text);
}

TEST(CoberturaReport, counts_of_the_root_make_an_exact_share) {
  EXPECT_EQ(cobertura("<coverage line-rate='0.2857' lines-valid='7' lines-covered='2'/>"),
            "line=28.571429 branch=-");
}

TEST(CoberturaReport, without_counts_the_lines_of_classes_count_once) {
  EXPECT_EQ(
      cobertura("<coverage line-rate='0.1'><class><methods><method><lines><line hits='1'/></lines>"
                "</method></methods><lines><line hits='1'/><line hits='0'/><line hits='2' "
                "condition-coverage='50% (1/2)'/></lines></class></coverage>"),
      "line=66.666667 branch=50");
}

TEST(CoberturaReport, without_lines_the_rates_count) {
  EXPECT_EQ(cobertura("<coverage line-rate='0.29' branch-rate='0.5'/>"), "line=29 branch=50");
}

TEST(CoberturaReport, rate_beside_a_count_of_nothing_says_nothing) {
  // As coverage.py writes it where no line was measured: all of nothing is reached.
  EXPECT_EQ(cobertura("<coverage line-rate='1' lines-valid='0' lines-covered='0' "
                      "branch-rate='1' branches-valid='0' branches-covered='0'/>"),
            "line=- branch=-");
}

TEST(CoberturaReport, nonsense_is_refused) {
  EXPECT_EQ(cobertura("<testsuite/>"), "error: no Cobertura report: its root is <testsuite>");
  EXPECT_THAT(cobertura("<coverage lines-valid='1' lines-covered='2'/>"), HasSubstr("more lines"));
  EXPECT_EQ(cobertura("<coverage line-rate='nan' branch-rate='-1'/>"), "line=- branch=-");
  EXPECT_EQ(cobertura("<coverage lines-valid='-3' line-rate='0.9'/>"),
            "error: 'lines-valid' of its root is no number");
}

}  // namespace
}  // namespace headway
