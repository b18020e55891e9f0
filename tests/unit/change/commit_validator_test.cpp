// Profiles, policies and the issue rule of CommitValidator.
#include "headway/commits.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway {
namespace {

std::vector<std::string> rules_broken(const CommitRules& rules, std::string_view message) {
  std::vector<std::string> names;
  for (const CommitIssue& issue : CommitValidator(rules).check(message).issues) {
    names.push_back(issue.rule);
  }
  return names;
}

using List = std::vector<std::string>;

constexpr CommitProfile kAll[] = {
    CommitProfile::standard, CommitProfile::relaxed, CommitProfile::strict};

TEST(CommitProfiles, length_of_the_first_line) {
  const CommitRules standard{.profile = CommitProfile::standard};
  const CommitRules relaxed{.profile = CommitProfile::relaxed};
  const CommitRules strict{.profile = CommitProfile::strict};
  const auto line = [](std::size_t length) { return "fix: X" + std::string(length - 6, 'Y'); };
  EXPECT_EQ(rules_broken(standard, line(72)), List{});
  EXPECT_EQ(rules_broken(standard, line(73)), List{"header-length"});
  EXPECT_EQ(rules_broken(relaxed, line(100)), List{});
  EXPECT_EQ(rules_broken(relaxed, line(101)), List{"header-length"});
  EXPECT_EQ(rules_broken(strict, line(50)), List{});
  EXPECT_EQ(rules_broken(strict, line(51)), List{"header-length"});
}

TEST(CommitProfiles, case_of_the_subject) {
  const CommitRules standard{.profile = CommitProfile::standard};
  const CommitRules relaxed{.profile = CommitProfile::relaxed};
  const CommitRules strict{.profile = CommitProfile::strict};
  EXPECT_EQ(rules_broken(standard, "fix: Mend it"), List{"subject-case"});
  EXPECT_EQ(rules_broken(standard, "fix: A thing"), List{"subject-case"});
  EXPECT_EQ(rules_broken(relaxed, "fix: Mend it"), List{});
  EXPECT_EQ(rules_broken(strict, "fix: Mend it"), List{});
  EXPECT_EQ(rules_broken(strict, "fix: mend it"), List{"subject-case"});
}

TEST(CommitProfiles, names_are_no_capitalised_words) {
  for (const char* message :
       {"fix: HTTP parser", "fix: README.md", "fix: JavaScript", "fix: X11"}) {
    EXPECT_EQ(rules_broken({}, message), List{}) << message;
  }
}

TEST(CommitProfiles, only_strict_minds_the_full_stop_and_the_width_of_the_body) {
  const std::string wide(60, 'x');
  const std::string message = "fix: Mend it.\n\n" + wide + " " + wide;
  EXPECT_EQ(rules_broken({.profile = CommitProfile::relaxed}, message), List{});
  EXPECT_EQ(rules_broken({.profile = CommitProfile::strict}, message),
            (List{"subject-stop", "body-length"}));
  EXPECT_EQ(
      rules_broken({.profile = CommitProfile::strict}, "fix: Mend it\n\nhttps://" + wide + wide),
      List{});
}

TEST(CommitProfiles, grammar_holds_in_all_of_them) {
  for (const CommitProfile profile : kAll) {
    EXPECT_EQ(rules_broken({.profile = profile}, "Mend it"), List{"header-format"});
  }
}

TEST(CommitTypes, those_of_the_rules_alone_are_known) {
  const CommitRules rules{.types = {"task"}};
  EXPECT_EQ(rules_broken(rules, "task: x"), List{});
  EXPECT_EQ(rules_broken(rules, "Task: x"), List{});
  EXPECT_EQ(rules_broken(rules, "feat: x"), List{"type-unknown"});
}

TEST(CommitIssueReference, is_looked_for_everywhere_where_it_is_needed) {
  const CommitRules rules{.needs_issue = true};
  EXPECT_EQ(rules_broken(rules, "fix: x"), List{"issue-missing"});
  EXPECT_EQ(rules_broken(rules, "fix: x (#12)"), List{});
  EXPECT_EQ(rules_broken(rules, "fix: x\n\nRefs: ABC-12"), List{});
  EXPECT_EQ(rules_broken(rules, "fix: x\n\nCloses #12"), List{});
  EXPECT_EQ(rules_broken(rules, "fix: follow the a-1 road, #no"), List{"issue-missing"});
  EXPECT_EQ(rules_broken({}, "fix: x"), List{});
}

struct Written {
  const char* message;
  CommitKind kind;
};

TEST(CommitPolicies, messages_of_git_are_known_and_accepted) {
  for (const Written& written :
       {Written{"Merge branch 'main' into topic", CommitKind::merge},
        Written{"Merge branches 'a' and 'b'", CommitKind::merge},
        Written{"Merge pull request #1 from a/b", CommitKind::merge},
        Written{"Merge remote-tracking branch 'origin/main'", CommitKind::merge},
        Written{"Merge tag 'v1'", CommitKind::merge},
        Written{"Revert \"feat: x\"\n\nThis reverts commit 1234.", CommitKind::revert},
        Written{"Reapply \"feat: x\"", CommitKind::revert},
        Written{"fixup! feat: x", CommitKind::fixup},
        Written{"amend! feat: x", CommitKind::fixup},
        Written{"squash! whatever", CommitKind::squash}}) {
    const CommitReport report = CommitValidator().check(written.message);
    EXPECT_EQ(report.message.kind, written.kind) << written.message;
    EXPECT_TRUE(report.valid()) << written.message;
  }
}

TEST(CommitPolicies, prose_about_merging_is_no_merge) {
  EXPECT_EQ(rules_broken({}, "Merge the two parsers"), List{"header-format"});
  EXPECT_EQ(rules_broken({}, "revert the parser"), List{"header-format"});
}

TEST(CommitPolicies, refused_ones_are_an_issue_each) {
  const CommitRules rules{
      .merge = CommitPolicy::refuse, .revert = CommitPolicy::refuse, .fixup = CommitPolicy::refuse};
  EXPECT_EQ(rules_broken(rules, "Merge branch 'x'"), List{"not-allowed"});
  EXPECT_EQ(rules_broken(rules, "Revert \"x\""), List{"not-allowed"});
  EXPECT_EQ(rules_broken(rules, "fixup! feat: x"), List{"not-allowed"});
  EXPECT_EQ(rules_broken(rules, "squash! feat: x"), List{"not-allowed"});
}

TEST(CommitPolicies, checked_ones_are_read_after_the_prefix_with_columns_of_the_whole_line) {
  const CommitRules rules{.merge = CommitPolicy::check, .fixup = CommitPolicy::check};
  EXPECT_EQ(rules_broken(rules, "fixup! fixup! feat: x"), List{});
  const CommitReport report = CommitValidator(rules).check("fixup! feat:x");
  ASSERT_EQ(report.issues.size(), 1U);
  EXPECT_EQ(report.issues[0].at, (TextPosition{1, 13}));
  EXPECT_EQ(rules_broken(rules, "Merge branch 'x'"), List{"header-format"});
}

}  // namespace
}  // namespace headway
