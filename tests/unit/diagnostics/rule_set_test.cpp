// Tests of RuleSet and RuleScan: which lines are hits, and what they name.
#include "diagnostics/rule_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace headway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

Rule rule(std::string id, std::vector<std::string> patterns, std::vector<std::string> unless = {}) {
  Rule made;
  made.id = std::move(id);
  made.category = FailureCategory::network;
  made.patterns = std::move(patterns);
  made.unless = std::move(unless);
  return made;
}

RuleSet set_of(std::vector<Rule> rules) {
  auto set = RuleSet::compile(std::move(rules));
  EXPECT_TRUE(set) << set.error().message;
  return *std::move(set);
}

std::vector<int> matched(const RuleSet& set, std::string_view line) {
  RuleSet::Matches found;
  set.match(line, found);
  return found.rules;
}

TEST(RuleSet, line_that_several_rules_find_names_each_once_in_order) {
  const RuleSet set = set_of({rule("a", {"refused", "connection"}),
                              rule("b", {"nothing"}),
                              rule("c", {"connection refused$"})});
  EXPECT_THAT(matched(set, "connection refused"), ElementsAre(0, 2));
  EXPECT_THAT(matched(set, "no such line"), IsEmpty());
}

TEST(RuleSet, negative_pattern_takes_the_hit_away) {
  const RuleSet set = set_of({rule("a", {"error"}, {"0 errors?"})});
  EXPECT_THAT(matched(set, "1 error"), ElementsAre(0));
  EXPECT_THAT(matched(set, "0 errors"), IsEmpty());
}

TEST(RuleSet, named_groups_of_the_pattern_that_matched_are_captured) {
  const RuleSet set =
      set_of({rule("a", {"x", "y"}),
              rule("b", {"^port (?P<port>\\d+)", "host (?P<host>\\w+)(?P<rest>-)?"})});
  const RuleHit hit = set.capture(1, "the host alpha", 7);
  EXPECT_EQ(hit.rule->id, "b");
  EXPECT_EQ(hit.line, 7);
  EXPECT_THAT(hit.captures, ElementsAre(Pair("host", "alpha")));
}

TEST(RuleSet, end_of_a_line_too_long_is_not_looked_at) {
  const RuleSet set = set_of({rule("a", {"needle"})});
  const std::string padding(RuleSet::kMaxLineBytes, 'x');
  EXPECT_THAT(matched(set, padding + "needle"), IsEmpty());
  EXPECT_THAT(matched(set, "needle" + padding), ElementsAre(0));
}

TEST(RuleSet, bytes_that_are_no_utf8_do_not_hide_the_rest_of_the_line) {
  const RuleSet set = set_of({rule("a", {"needle"})});
  EXPECT_THAT(matched(set, "\xff\xfe needle"), ElementsAre(0));
}

TEST(RuleSet, bad_pattern_is_an_error_with_rule_and_place) {
  Rule bad = rule("a", {"("});
  bad.file = "mine.yaml";
  bad.at = {3, 5};
  const auto set = RuleSet::compile({bad});
  ASSERT_FALSE(set);
  EXPECT_THAT(set.error().message, HasSubstr("mine.yaml:3:5: rule 'a'"));
}

TEST(RuleSet, rule_is_found_by_its_id) {
  const RuleSet set = set_of({rule("a", {"x"}), rule("b", {"y"})});
  ASSERT_NE(set.find("b"), nullptr);
  EXPECT_EQ(set.find("b"), &set.rules()[1]);
  EXPECT_EQ(set.find("c"), nullptr);
}

TEST(RuleSet, set_without_rules_matches_nothing) {
  EXPECT_THAT(matched(set_of({}), "anything"), IsEmpty());
}

TEST(RuleScan, hits_come_in_the_order_of_lines_and_are_bounded_for_each_rule) {
  const RuleSet set = set_of({rule("a", {"often"}), rule("b", {"once"})});
  RuleScan scan(set);
  EXPECT_FALSE(scan.take(1, "nothing"));
  for (int line = 2; line < 102; ++line) {
    EXPECT_TRUE(scan.take(line, "often"));
  }
  EXPECT_TRUE(scan.take(102, "once"));
  ASSERT_EQ(scan.hits().size(), RuleScan::kMaxHitsPerRule + 1);
  EXPECT_EQ(scan.hits().front().line, 2);
  EXPECT_EQ(scan.hits().back().rule->id, "b");
  EXPECT_EQ(scan.count(set.rules()[0]), 100);
  EXPECT_EQ(scan.count(set.rules()[1]), 1);
}

}  // namespace
}  // namespace headway
