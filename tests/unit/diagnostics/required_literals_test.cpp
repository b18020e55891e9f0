// Tests of required_literals(): what is certain, and that nothing is that is not.
#include "diagnostics/required_literals.hpp"

#include "diagnostics/rule_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <string>

namespace headway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RequiredLiterals, plain_text_is_required_in_small_letters) {
  EXPECT_THAT(required_literals("^No space left$"), ElementsAre("no space left"));
}

TEST(RequiredLiterals, alternatives_are_all_there) {
  EXPECT_THAT(required_literals("(?:refused|reset) by (?i:peer|host)"),
              ElementsAre("refused by host", "refused by peer", "reset by host", "reset by peer"));
  EXPECT_THAT(required_literals("refused|\\d+ errors"), ElementsAre(" errors", "refused"));
}

TEST(RequiredLiterals, alternative_without_a_literal_leaves_nothing_certain) {
  EXPECT_THAT(required_literals("refused|\\d+"), IsEmpty());
  EXPECT_THAT(required_literals("refused|ab"), IsEmpty());
}

TEST(RequiredLiterals, longest_run_beside_what_is_unknown_is_taken) {
  EXPECT_THAT(required_literals("error \\w+ in the file .* line"), ElementsAre(" in the file "));
  EXPECT_THAT(required_literals("a(?P<name>[^']+)(?:'s)? module"),
              ElementsAre(" module", "'s module"));
}

TEST(RequiredLiterals, small_classes_and_optional_parts_are_spelled_out) {
  EXPECT_THAT(required_literals("[Ee]rrors?:"), ElementsAre("error:", "errors:"));
  EXPECT_THAT(required_literals("exit[ _-]code"),
              ElementsAre("exit code", "exit-code", "exit_code"));
}

TEST(RequiredLiterals, what_may_be_missing_is_not_required) {
  EXPECT_THAT(required_literals("(?:error)*x"), IsEmpty());
  EXPECT_THAT(required_literals("(?:error){0,2}x"), IsEmpty());
  EXPECT_THAT(required_literals("(?:error)?[0-9]"), IsEmpty());
  EXPECT_THAT(required_literals("(?:error)+x"), ElementsAre("error"));
  EXPECT_THAT(required_literals("(?:error){2}x"), ElementsAre("errorerrorx"));
}

TEST(RequiredLiterals, escaped_signs_are_text_and_classes_are_not) {
  EXPECT_THAT(required_literals("a\\.out\\[1\\]\\bx"), ElementsAre("a.out[1]x"));
  EXPECT_THAT(required_literals("ab\\wcd"), IsEmpty());
  EXPECT_THAT(required_literals("[[:alpha:]]ab[^c]"), IsEmpty());
  EXPECT_THAT(required_literals("{word}"), ElementsAre("{word}"));
}

TEST(RequiredLiterals, signs_are_text_and_letters_beyond_ascii_are_not_relied_on) {
  EXPECT_THAT(required_literals("\xe2\x9c\x96 [a-z]|(?i)caf\xc3\xa9"),
              ElementsAre("caf", "\xe2\x9c\x96 "));
}

TEST(RequiredLiterals, counted_signs_are_written_out) {
  EXPECT_THAT(required_literals("^a?<{7} x"), ElementsAre("<<<<<<< x", "a<<<<<<< x"));
  EXPECT_THAT(required_literals("(?:-){3,} x"), ElementsAre("---"));
  EXPECT_THAT(required_literals("x{1000}"), ElementsAre(std::string(23, 'x')));
}

TEST(RequiredLiterals, syntax_it_does_not_know_leaves_nothing_certain) {
  for (const char* pattern :
       {"\\pLerror", "\\x41error", "\\Qerror\\E", "(error", "[error", "error\\"}) {
    EXPECT_THAT(required_literals(pattern), IsEmpty()) << pattern;
  }
  EXPECT_THAT(required_literals(std::string(5000, '(')), IsEmpty());
}

// A prefilter that misses a match hides a rule, and no other test would tell.
TEST(RequiredLiterals, every_line_that_a_built_in_pattern_matches_has_one_of_its_literals) {
  std::vector<std::string> lines, small;
  for (const Rule& rule : RuleSet::built_in().rules()) {
    lines.insert(lines.end(), rule.matching.begin(), rule.matching.end());
    lines.insert(lines.end(), rule.not_matching.begin(), rule.not_matching.end());
  }
  for (std::string line : lines) {
    std::transform(line.begin(), line.end(), line.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    small.push_back(std::move(line));
  }
  int matches = 0;
  for (const Rule& rule : RuleSet::built_in().rules()) {
    for (const std::string& text : rule.patterns) {
      const RE2 pattern(text);
      const auto literals = required_literals(text);
      for (std::size_t at = 0; at < lines.size(); ++at) {
        if (RE2::PartialMatch(lines[at], pattern)) {
          ++matches;
          EXPECT_TRUE(literals.empty() || std::any_of(literals.begin(),
                                                      literals.end(),
                                                      [&](const std::string& literal) {
                                                        return small[at].find(literal) !=
                                                               std::string::npos;
                                                      }))
              << text << " on " << lines[at];
        }
      }
    }
  }
  EXPECT_GT(matches, 500);
}

}  // namespace
}  // namespace headway
