// `commits` of the file. (Mistakes: workflow_mistakes_test.cpp.)
#include "model/commits_reader.hpp"

#include "model/workflow_file.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway {
namespace {

CommitSettings with_commits(const std::string& commits) {
  auto loaded = parse_workflow("version: 1\nstages: {a: {run: x}}\n" + commits, "w.yaml", "/");
  for (const Problem& problem : loaded.problems) {
    ADD_FAILURE() << to_string(problem);
  }
  return loaded.workflow.commits;
}

TEST(ReadCommits, every_key_is_kept) {
  const CommitSettings settings = with_commits(
      "commits: {profile: strict, types: [feat, fix-2], issue: required, merge: refuse, revert: "
      "check, fixup: accept}\n");
  EXPECT_EQ(settings.profile, "strict");
  EXPECT_EQ(settings.types, (std::vector<std::string>{"feat", "fix-2"}));
  EXPECT_EQ(settings.issue, "required");
  EXPECT_EQ(settings.merge, "refuse");
  EXPECT_EQ(settings.revert, "check");
  EXPECT_EQ(settings.fixup, "accept");
}

TEST(ReadCommits, without_the_key_nothing_is_said) {
  EXPECT_TRUE(with_commits("").profile.empty());
  EXPECT_TRUE(with_commits("commits: {}\n").types.empty());
}

}  // namespace
}  // namespace headway
