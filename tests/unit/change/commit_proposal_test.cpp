// What `commit fix` proposes, and what git takes out of a message.
#include "change/commit_words.hpp"
#include "headway/commits.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

std::string fixed(std::string_view message, CommitProfile profile = CommitProfile::standard) {
  return CommitValidator({.profile = profile}).propose(message).message;
}

TEST(CommitProposal, type_comes_from_the_words_in_the_order_of_the_table) {
  EXPECT_EQ(fixed("Added new feature"), "feat: added new feature");
  EXPECT_EQ(fixed("fixed the login bug"), "fix: fixed the login bug");
  EXPECT_EQ(fixed("Add error handling"), "fix: add error handling");
  EXPECT_EQ(fixed("Update README"), "docs: update README");
  EXPECT_EQ(fixed("more tests"), "test: more tests");
  EXPECT_EQ(fixed("Reorganized modules"), "refactor: reorganized modules");
  EXPECT_EQ(fixed("bump version"), "chore: bump version");
}

TEST(CommitProposal, a_word_that_only_begins_alike_does_not_count) {
  const auto types = standard_commit_types();
  EXPECT_EQ(type_from_words("update address fixture of the newline doctor", types), "chore");
  EXPECT_EQ(type_from_words("bugfix", types), "fix");
  EXPECT_EQ(type_from_words("implementation", types), "feat");
  EXPECT_EQ(type_from_words("documentation", types), "docs");
}

TEST(CommitProposal, types_of_the_rules_alone_are_proposed) {
  const CommitValidator validator({.types = {"task", "docs"}});
  EXPECT_EQ(validator.propose("fix a bug in the readme").message, "docs: fix a bug in the readme");
  EXPECT_EQ(validator.propose("whatever").message, "task: whatever");
}

TEST(CommitProposal, a_type_that_was_meant_is_kept) {
  EXPECT_EQ(fixed("feature: something"), "feat: something");
  EXPECT_EQ(fixed("feat something"), "feat: something");
  EXPECT_EQ(fixed("fix - something"), "fix: something");
  EXPECT_EQ(fixed("refactr(api)!: x"), "refactor(api)!: x");
  EXPECT_EQ(fixed("feat(api) x"), "feat(api): x");
  EXPECT_EQ(fixed("feat(api x: y"), "feat: (api x: y");
  EXPECT_EQ(fixed("parse() hung"), "chore: parse() hung");
}

TEST(CommitProposal, spaces_and_case_are_mended) {
  EXPECT_EQ(fixed("feat :x"), "feat: x");
  EXPECT_EQ(fixed("  feat (api)!:  Do it"), "feat(api)!: do it");
  EXPECT_EQ(fixed("fix: Mend HTTP"), "fix: mend HTTP");
  EXPECT_EQ(fixed("\xEF\xBB\xBF"
                  "fix: it"),
            "fix: it");
  EXPECT_EQ(fixed("fix: mend it.", CommitProfile::strict), "fix: Mend it");
  EXPECT_EQ(fixed("fix: mend it ... .", CommitProfile::strict), "fix: Mend it");
  EXPECT_EQ(fixed("fix: ...", CommitProfile::strict), "fix: ...");
}

TEST(CommitProposal, the_empty_line_before_the_body_is_added_and_the_rest_stays) {
  EXPECT_EQ(fixed("fix: x\nwhy\n\nRefs: 1\n"), "fix: x\n\nwhy\n\nRefs: 1\n");
  EXPECT_EQ(fixed("Add it\n\n  odd   body \n"), "feat: add it\n\n  odd   body \n");
}

TEST(CommitProposal, never_is_further_from_the_grammar_than_the_message) {
  EXPECT_EQ(fixed("feat(a(b)): y"), "feat(a(b)): y");
  EXPECT_EQ(fixed("feat((x)): y"), "feat((x)): y");
  EXPECT_EQ(fixed("\xEF\xBB\xBF"
                  "feat: y"),
            "feat: y");
}

TEST(CommitProposal, what_is_valid_or_written_by_git_stays) {
  for (const char* message : {"fix: x", "Merge branch 'x'", "Revert \"x\"", "fixup! x"}) {
    const CommitProposal proposal = CommitValidator().propose(message);
    EXPECT_FALSE(proposal.changed) << message;
    EXPECT_TRUE(proposal.valid) << message;
    EXPECT_EQ(proposal.message, message);
  }
}

TEST(CommitProposal, what_nobody_but_the_author_can_mend_is_said_to_be_left) {
  const CommitProposal empty = CommitValidator().propose("feat: ");
  EXPECT_FALSE(empty.changed);
  EXPECT_FALSE(empty.valid);
  const CommitProposal wide = CommitValidator().propose("Add " + std::string(80, 'x'));
  EXPECT_TRUE(wide.changed);
  EXPECT_FALSE(wide.valid);
}

TEST(WithoutGitComments, comments_and_blank_lines_around_go) {
  EXPECT_EQ(without_git_comments("\n\nfix: x  \n\n\n\nbody\n# Please enter\n#\n# On branch\n\n"),
            "fix: x\n\nbody");
  EXPECT_EQ(without_git_comments("fix: x"), "fix: x");
  EXPECT_EQ(without_git_comments("# only\n"), "");
}

TEST(WithoutGitComments, all_below_the_scissors_goes) {
  EXPECT_EQ(without_git_comments("fix: x\n# ------------------------ >8 ------------------------\n"
                                 "# Do not modify\ndiff --git a b\n"),
            "fix: x");
}

TEST(WithoutGitComments, another_comment_character_is_seen_by_the_last_lines) {
  EXPECT_EQ(without_git_comments("fix: x\n\n#12 is no comment\n\n; Please enter\n;\n"),
            "fix: x\n\n#12 is no comment");
  EXPECT_EQ(without_git_comments("#1\n; ------------------------ >8 ------------------------\nx"),
            "#1");
}

}  // namespace
}  // namespace headway
