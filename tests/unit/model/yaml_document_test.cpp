// The core schema of YAML 1.2, and the arena.
#include "model/yaml_document.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

YamlNode plain(std::string_view text) {
  YamlNode node;
  node.text = text;
  node.plain = true;
  return node;
}

TEST(YamlNode, spellings_of_null) {
  for (const char* text : {"", "~", "null", "Null", "NULL"}) {
    EXPECT_TRUE(plain(text).is_null()) << text;
  }
  EXPECT_FALSE(plain("nULL").is_null());
  YamlNode quoted;
  EXPECT_FALSE(quoted.is_null());
}

TEST(YamlNode, truth_values_are_the_six_of_the_core_schema) {
  EXPECT_EQ(plain("true").as_boolean(), true);
  EXPECT_EQ(plain("TRUE").as_boolean(), true);
  EXPECT_EQ(plain("False").as_boolean(), false);
  for (const char* text : {"yes", "no", "on", "off", "y", "tRUE", "1", ""}) {
    EXPECT_FALSE(plain(text).as_boolean().has_value()) << text;
  }
}

TEST(YamlNode, whole_numbers_in_three_bases) {
  EXPECT_EQ(plain("42").as_integer(), 42);
  EXPECT_EQ(plain("+42").as_integer(), 42);
  EXPECT_EQ(plain("-042").as_integer(), -42);
  EXPECT_EQ(plain("0o17").as_integer(), 15);
  EXPECT_EQ(plain("0xFf").as_integer(), 255);
  for (const char* text :
       {"", "+", "+-1", "0x", "0x-1", "0b1", "1_000", "1.0", "1e3", " 1", "9223372036854775808"}) {
    EXPECT_FALSE(plain(text).as_integer().has_value()) << text;
  }
}

TEST(YamlNode, numbers_with_fraction_and_exponent) {
  EXPECT_EQ(plain("0.5").as_number(), 0.5);
  EXPECT_EQ(plain(".5").as_number(), 0.5);
  EXPECT_EQ(plain("5.").as_number(), 5.0);
  EXPECT_EQ(plain("+1e3").as_number(), 1000.0);
  EXPECT_EQ(plain("-1.5E-1").as_number(), -0.15);
  EXPECT_EQ(plain("9223372036854775808").as_number(), 9223372036854775808.0);
  for (const char* text :
       {"", ".", "e1", "1e", ".inf", "inf", ".nan", "nan", "1.2.3", "1e999", "+-1"}) {
    EXPECT_FALSE(plain(text).as_number().has_value()) << text;
  }
}

TEST(YamlNode, quoted_scalars_are_text_alone) {
  YamlNode quoted = plain("1");
  quoted.plain = false;
  EXPECT_FALSE(quoted.as_integer().has_value());
  EXPECT_FALSE(quoted.as_number().has_value());
}

TEST(ScalarArena, stored_texts_stay_where_they_are) {
  ScalarArena arena;
  const std::string_view first = arena.store("first");
  const std::string_view big = arena.store(std::string(100'000, 'x'));
  for (int i = 0; i < 50'000; ++i) {
    arena.store("filler");
  }
  const ScalarArena moved = std::move(arena);
  EXPECT_EQ(first, "first");
  EXPECT_EQ(big, std::string(100'000, 'x'));
}

}  // namespace
}  // namespace headway
