// LCOV: what is added up, and reports that are no good. (Real ones: integration.)
#include "support/report_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using ::testing::HasSubstr;

std::string lcov(std::string_view text) {
  return report_line(ReportFormat::lcov, text);
}

TEST(LcovReport, records_without_totals_count_their_lines) {
  EXPECT_EQ(lcov("SF:a\nDA:1,1\nDA:2,0\nBRDA:1,0,0,-\nBRDA:1,0,1,3\nend_of_record\n"
                 "SF:b\r\nLF:2\r\nLH:2\r\nend_of_record\r\n"),
            "line=75 branch=50");
}

TEST(LcovReport, record_that_is_cut_off_is_refused) {
  EXPECT_THAT(lcov("SF:a\nLF:2\nLH:2\nend_of_record\nSF:b\nDA:1,1\n"), HasSubstr("cut off"));
}

TEST(LcovReport, other_text_is_refused) {
  EXPECT_THAT(lcov("<coverage/>"), HasSubstr("no LCOV report"));
  EXPECT_EQ(lcov(""), "error: it is empty");
}

TEST(LcovReport, lines_without_end_do_not_matter) {
  EXPECT_EQ(lcov("SF:" + std::string(1 << 20, 'x') + "\nLF:4\nLH:1\nend_of_record"),
            "line=25 branch=-");
}

}  // namespace
}  // namespace headway
