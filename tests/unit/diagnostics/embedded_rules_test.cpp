// Tests of the rules that are compiled in: each is read without a problem and holds its own tests.
#include "diagnostics/embedded_rules.hpp"

#include "diagnostics/rule_file.hpp"
#include "diagnostics/rule_set.hpp"
#include "diagnostics/rule_tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace headway {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// The program trusts its own patterns; this is why it may.
TEST(BuiltInRules, every_pattern_and_every_name_in_a_text_is_good) {
  for (const EmbeddedFile& file : embedded_rule_files()) {
    for (const Problem& problem : read_rule_file(std::string(file.name), file.text).problems) {
      ADD_FAILURE() << to_string(problem);
    }
  }
}

TEST(BuiltInRules, every_rule_passes_the_tests_in_its_file) {
  for (const Rule& rule : RuleSet::built_in().rules()) {
    EXPECT_THAT(failures_of_tests(rule), IsEmpty()) << rule.file << ": " << rule.id;
    EXPECT_FALSE(rule.matching.empty()) << rule.id;
    EXPECT_FALSE(rule.not_matching.empty()) << rule.id;
  }
}

TEST(BuiltInRules, ids_are_unique) {
  std::set<std::string> ids;  // (in a set of rules a later one replaces the one of its id)
  for (const EmbeddedFile& file : embedded_rule_files()) {
    for (const Rule& rule : read_rule_file(std::string(file.name), file.text).rules) {
      EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    }
  }
  EXPECT_EQ(ids.size(), RuleSet::built_in().rules().size());
}

TEST(BuiltInRules, there_are_rules_for_every_category_that_a_log_can_tell) {
  std::set<FailureCategory> categories;
  for (const Rule& rule : RuleSet::built_in().rules()) {
    categories.insert(rule.category);
  }
  EXPECT_EQ(categories.size(), kFailureCategories - 1);
  EXPECT_GE(RuleSet::built_in().rules().size(), 120U);
}

TEST(BuiltInRules, no_pattern_has_to_be_asked_on_every_line) {
  EXPECT_EQ(RuleSet::built_in().patterns_without_literal(), 0);
}

}  // namespace
}  // namespace headway
