// Names in the texts of rules, and what a log may put in their place.
#include "diagnostics/rule_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(RuleTemplate, names_are_replaced) {
  EXPECT_EQ(fill_template("no {a} in {b}", {{"a", "x y"}, {"b", "z"}}, Quoting::none),
            "no x y in z");
  EXPECT_EQ(fill_template("none", {}, Quoting::none), "none");
}

TEST(RuleTemplate, part_without_its_name_is_left_out) {
  const char* const text = "module {a}[[ in {b}]] is missing";
  EXPECT_EQ(fill_template(text, {{"a", "x"}, {"b", "y"}}, Quoting::none),
            "module x in y is missing");
  EXPECT_EQ(fill_template(text, {{"a", "x"}, {"b", ""}}, Quoting::none), "module x is missing");
  EXPECT_EQ(fill_template(text, {{"b", "y"}}, Quoting::none), std::nullopt);
}

TEST(RuleTemplate, in_a_command_a_value_is_one_word) {
  EXPECT_EQ(fill_template("pip install {a}", {{"a", "x; rm -rf ~"}}, Quoting::shell),
            "pip install 'x; rm -rf ~'");
}

// `perl -c '-eBEGIN{...}'` would run what a log says.
TEST(RuleTemplate, in_a_command_no_value_becomes_an_option) {
  EXPECT_EQ(fill_template("perl -c {file}", {{"file", "-eBEGIN{system 1}"}}, Quoting::shell),
            std::nullopt);
  EXPECT_EQ(fill_template("{file}", {{"file", "-x"}}, Quoting::shell), std::nullopt);
  EXPECT_EQ(fill_template("see ./{file}", {{"file", "-x"}}, Quoting::shell), "see ./-x");
  EXPECT_EQ(fill_template("no such file {file}", {{"file", "-x"}}, Quoting::none),
            "no such file -x");
}

TEST(RuleTemplate, names_are_listed_and_mistakes_told) {
  EXPECT_THAT(names_in_template("{a}[[ {b}]]").names, ElementsAre("a", "b"));
  EXPECT_THAT(names_in_template("{a}").problem, IsEmpty());
  EXPECT_FALSE(names_in_template("{}").problem.empty());
  EXPECT_FALSE(names_in_template("{a").problem.empty());
  EXPECT_FALSE(names_in_template("[[ {a}").problem.empty());
}

TEST(RuleTemplate, digit_of_a_group_is_no_part_of_its_name) {
  EXPECT_EQ(name_of_group("file2"), "file");
  EXPECT_EQ(name_of_group("file"), "file");
  EXPECT_EQ(name_of_group("7"), "7");
}

}  // namespace
}  // namespace headway
