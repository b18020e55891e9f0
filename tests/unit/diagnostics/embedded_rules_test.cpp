// Tests of the rules that are compiled in: each is read without a problem and holds its own tests.
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

TEST(BuiltInRules, every_rule_passes_the_tests_in_its_file) {
  for (const Rule& rule : RuleSet::built_in().rules()) {
    EXPECT_THAT(failures_of_tests(rule), IsEmpty()) << rule.file << ": " << rule.id;
    EXPECT_FALSE(rule.matching.empty()) << rule.id;
    EXPECT_FALSE(rule.not_matching.empty()) << rule.id;
  }
}

TEST(BuiltInRules, ids_are_unique) {
  std::set<std::string> ids;
  for (const Rule& rule : RuleSet::built_in().rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
  }
}

}  // namespace
}  // namespace headway
