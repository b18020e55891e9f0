// Small text functions.
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using Views = std::vector<std::string_view>;

TEST(Trim, takes_white_space_off_both_ends) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Split, keeps_empty_pieces) {
  EXPECT_EQ(split("a,,b,", ','), (Views{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), Views{""});
}

TEST(Join, puts_the_separator_between) {
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(NearestName, finds_one_wrong_letter) {
  EXPECT_EQ(nearest_name("buld", {"test", "build", "lint"}), "build");
}

TEST(NearestName, swapped_letters_count_once) {
  EXPECT_EQ(nearest_name("lnit", {"test", "lint"}), "lint");
}

TEST(NearestName, prefers_the_nearer_and_then_the_first) {
  EXPECT_EQ(nearest_name("deploys", {"deploy-to", "deploy", "deployx"}), "deploy");
}

TEST(NearestName, nothing_is_near_enough) {
  EXPECT_EQ(nearest_name("build", {"test", "lint", "guild-hall"}), std::nullopt);
  EXPECT_EQ(nearest_name("build", {}), std::nullopt);
}

TEST(NearestName, distance_of_a_third_is_the_limit) {
  EXPECT_EQ(nearest_name("abcdef", {"abxyef"}), "abxyef");
  EXPECT_EQ(nearest_name("abcdef", {"axyzef"}), std::nullopt);
}

TEST(PercentEncode, keeps_only_letters_digits_dot_dash_underscore) {
  EXPECT_EQ(percent_encode("build-1_a.B"), "build-1_a.B");
  EXPECT_EQ(percent_encode("a/b c%\xC3\xA9"), "a%2Fb%20c%25%C3%A9");
}

TEST(PercentEncode, encodes_a_leading_dot) {
  EXPECT_EQ(percent_encode(".."), "%2E.");
  EXPECT_EQ(percent_encode("."), "%2E");
}

TEST(ToValidUtf8, keeps_good_text) {
  EXPECT_EQ(to_valid_utf8("gr\xC3\xBC\xC3\x9F \xF0\x9F\x9A\x80"),
            "gr\xC3\xBC\xC3\x9F \xF0\x9F\x9A\x80");
}

TEST(ToValidUtf8, replaces_each_maximal_bad_sequence_once) {
  EXPECT_EQ(to_valid_utf8("a\xFF\x62"), "a\xEF\xBF\xBD\x62");
  EXPECT_EQ(to_valid_utf8("\xE2\x82!"), "\xEF\xBF\xBD!");
  // The example of Unicode 15, section 3.9: 61 F1 80 80 E1 80 C2 62.
  EXPECT_EQ(to_valid_utf8("a\xF1\x80\x80\xE1\x80\xC2\x62"),
            "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\x62");
}

TEST(ShellQuote, leaves_plain_words_plain) {
  EXPECT_EQ(shell_quote("src/main.cpp"), "src/main.cpp");
  EXPECT_EQ(shell_quote("--jobs=4"), "--jobs=4");
}

TEST(ShellQuote, quotes_what_a_shell_would_change) {
  EXPECT_EQ(shell_quote(""), "''");
  EXPECT_EQ(shell_quote("a b"), "'a b'");
  EXPECT_EQ(shell_quote("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quote("$HOME"), "'$HOME'");
  EXPECT_EQ(shell_quote("~"), "'~'");
  EXPECT_EQ(shell_quote("A=b"), "'A=b'");
}

}  // namespace
}  // namespace headway
