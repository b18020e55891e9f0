// Conditions on numbers, as files write them.
#include "model/threshold.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace headway {
namespace {

bool holds(const char* text, double value) {
  const auto threshold = parse_threshold(text);
  EXPECT_TRUE(threshold) << text;
  return threshold && threshold->holds(value);
}

TEST(Threshold, every_sign_compares_exactly) {
  EXPECT_TRUE(holds(">= 80", 80));
  EXPECT_FALSE(holds(">= 80", 79.999999));
  EXPECT_FALSE(holds("> 80", 80));
  EXPECT_TRUE(holds("<= 5", 5));
  EXPECT_FALSE(holds("<5", 5));
  EXPECT_TRUE(holds("==0", 0));
  EXPECT_TRUE(holds(" != 0 ", 1));
  EXPECT_TRUE(holds(">= -1.5e1", -15));
}

TEST(Threshold, what_is_no_number_holds_for_nothing) {
  for (const char* text : {">= 0", "<= 0", "== 0", "!= 0", "> 0", "< 0"}) {
    EXPECT_FALSE(holds(text, std::numeric_limits<double>::quiet_NaN())) << text;
  }
}

TEST(Threshold, anything_else_is_refused) {
  for (const char* text : {"",
                           "80",
                           "=> 80",
                           "= 80",
                           ">= ",
                           ">= x",
                           ">= 80%",
                           ">= 1 2",
                           ">= nan",
                           ">= inf",
                           ">= 1e999",
                           "≥ 80"}) {
    EXPECT_FALSE(parse_threshold(text)) << text;
  }
}

TEST(Threshold, text_reads_back_to_the_same) {
  for (const char* text : {">= 80", "< 0.1", "!= -3", "== 1e+20"}) {
    const auto threshold = parse_threshold(text);
    ASSERT_TRUE(threshold);
    EXPECT_EQ(*parse_threshold(to_string(*threshold)), *threshold) << to_string(*threshold);
  }
}

TEST(MetricText, at_most_six_decimals_and_no_trailing_zeros) {
  EXPECT_EQ(metric_text(80), "80");
  EXPECT_EQ(metric_text(200.0 / 3), "66.666667");
  EXPECT_EQ(metric_text(87.5), "87.5");
  EXPECT_EQ(metric_text(-0.0), "0");
}

}  // namespace
}  // namespace headway
