// Ranges of versions: how they are written, and how versions compare.
#include "model/version_range.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

bool holds(std::string_view range, std::string_view version) {
  const auto parsed = VersionRange::parse(range);
  EXPECT_TRUE(parsed) << range;
  return parsed && parsed->holds(version);
}

TEST(VersionRange, numbers_compare_as_numbers_not_as_text) {
  EXPECT_TRUE(holds(">= 2.9", "2.30"));
  EXPECT_FALSE(holds(">= 2.30", "2.9"));
  EXPECT_TRUE(holds("> 9", "10.0.1"));
}

TEST(VersionRange, a_missing_number_is_zero) {
  EXPECT_TRUE(holds("== 2.30", "2.30.0"));
  EXPECT_FALSE(holds("== 2.30", "2.30.1"));
  EXPECT_TRUE(holds("<= 3", "3.0"));
  EXPECT_FALSE(holds("< 3", "3.0.0"));
}

TEST(VersionRange, all_conditions_must_hold) {
  EXPECT_TRUE(holds(">= 3.11, < 4", "3.12.1"));
  EXPECT_FALSE(holds(">= 3.11, < 4", "4.0"));
  EXPECT_FALSE(holds(">=3.11,!=3.12.1", "3.12.1"));
}

TEST(VersionRange, what_follows_the_numbers_does_not_count) {
  EXPECT_TRUE(holds("== 9.2", "9.2p1"));
  EXPECT_TRUE(holds(">= 3.12", "3.12.0-rc1"));
}

TEST(VersionRange, a_version_without_numbers_holds_for_nothing) {
  EXPECT_FALSE(holds(">= 0", ""));
  EXPECT_FALSE(holds("!= 1", "unknown"));
}

TEST(VersionRange, the_text_has_blanks_in_one_way) {
  EXPECT_EQ(VersionRange::parse(" >=3.11 ,<4")->text(), ">= 3.11, < 4");
  EXPECT_TRUE(VersionRange().is_any());
}

TEST(VersionRange, anything_else_is_refused_with_an_example) {
  for (const char* text : {"",
                           "2.30",
                           "= 2",
                           "~> 2",
                           ">= ",
                           ">= x",
                           ">= 2.x",
                           ">= 2 3",
                           ">= 2,",
                           ">= -1",
                           ">= 99999999999999999999999"}) {
    const auto range = VersionRange::parse(text);
    ASSERT_FALSE(range) << text;
    EXPECT_NE(range.error().next_step.find(">= 2.30"), std::string::npos);
  }
}

}  // namespace
}  // namespace headway
