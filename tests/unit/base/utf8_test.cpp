// Steps through UTF-8: what is a character, and how far a bad sequence reaches.
#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace headway {

bool operator==(const Utf8Step& a, const Utf8Step& b) {
  return a.length == b.length && a.valid == b.valid;
}

std::ostream& operator<<(std::ostream& out, const Utf8Step& step) {
  return out << (step.valid ? "valid " : "bad ") << step.length;
}

namespace {

Utf8Step valid(std::size_t length) {
  return {length, true};
}

Utf8Step bad(std::size_t length) {
  return {length, false};
}

TEST(Utf8Step, characters_of_one_to_four_bytes_are_valid) {
  EXPECT_EQ(utf8_step("ab"), valid(1));
  EXPECT_EQ(utf8_step("\xC3\xA9x"), valid(2));
  EXPECT_EQ(utf8_step("\xE2\x82\xACx"), valid(3));
  EXPECT_EQ(utf8_step("\xF0\x9F\x9A\x80x"), valid(4));
  EXPECT_EQ(utf8_step("\xF4\x8F\xBF\xBF"), valid(4));
}

TEST(Utf8Step, a_cut_character_is_one_bad_sequence) {
  EXPECT_EQ(utf8_step("\xE2\x82"), bad(2));
  EXPECT_EQ(utf8_step("\xF0\x9F\x9Ax"), bad(3));
  EXPECT_EQ(utf8_step("\xC3"), bad(1));
}

TEST(Utf8Step, overlong_forms_and_surrogates_are_bad) {
  EXPECT_EQ(utf8_step("\xC0\xAF"), bad(1));
  EXPECT_EQ(utf8_step("\xE0\x80\xAF"), bad(1));
  EXPECT_EQ(utf8_step("\xED\xA0\x80"), bad(1));
  EXPECT_EQ(utf8_step("\xF0\x8F\xBF\xBF"), bad(1));
}

TEST(Utf8Step, bytes_that_begin_nothing_are_bad) {
  EXPECT_EQ(utf8_step("\x80"), bad(1));
  EXPECT_EQ(utf8_step("\xFF"), bad(1));
  EXPECT_EQ(utf8_step("\xF5\x80\x80\x80"), bad(1));
  EXPECT_EQ(utf8_step("\xF4\x90\x80\x80"), bad(1));
}

}  // namespace
}  // namespace headway
