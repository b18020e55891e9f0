// Numbers as reports write them.
#include "quality/number_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

TEST(NumberIn, numbers_with_groups_and_percent_signs) {
  EXPECT_EQ(number_in(" 12 "), 12);
  EXPECT_EQ(number_in("-1.5e3"), -1500);
  EXPECT_EQ(number_in("+3"), 3);
  EXPECT_EQ(number_in("1,234,567.5"), 1234567.5);
  EXPECT_EQ(number_in("87.5 %"), 87.5);
}

TEST(NumberIn, what_is_no_number_is_none) {
  for (const char* text : {"", "%", "abc", "1 2", "nan", "inf", "1e999", "1,23", ",5", "12,3456"}) {
    EXPECT_FALSE(number_in(text)) << text;
  }
  EXPECT_FALSE(number_in(std::string(100, '1')));
}

TEST(CountIn, whole_numbers_from_zero_only) {
  EXPECT_EQ(count_in("7"), 7);
  EXPECT_FALSE(count_in("-1"));
  EXPECT_FALSE(count_in("1.5"));
  EXPECT_FALSE(count_in("99999999999999999999"));
  EXPECT_FALSE(count_in("9007199254740993"));
  EXPECT_FALSE(count_in(std::nullopt));
}

}  // namespace
}  // namespace headway
