// read_git_facts over repositories that are laid out by hand.
#include "host/git.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace headway {
namespace {

const std::string kCommit(40, 'a');
const std::string kOther(40, 'b');

class GitTest : public testing::Test {
 protected:
  void put(const std::string& path, const std::string& content) {
    const std::string full = folder / path;
    std::filesystem::create_directories(std::filesystem::path(full).parent_path());
    spill(full, content);
  }
  void expect(const GitFacts& facts,
              const std::string& root,
              const std::string& commit,
              const std::string& branch) {
    EXPECT_EQ(facts.root, root);
    EXPECT_EQ(facts.commit, commit);
    EXPECT_EQ(facts.branch, branch);
  }

  TempFolder folder;
};

TEST_F(GitTest, no_repository_has_no_facts) {
  expect(read_git_facts(folder.path()), "", "", "");
}

TEST_F(GitTest, loose_ref_is_found_from_a_folder_below) {
  put("r/.git/HEAD", "ref: refs/heads/topic/x\n");
  put("r/.git/refs/heads/topic/x", kCommit + "\n");
  put("r/src/deep/file", "");
  expect(read_git_facts(folder / "r/src/deep"), folder / "r", kCommit, "topic/x");
}

TEST_F(GitTest, packed_ref_counts_where_there_is_no_loose_one) {
  put("r/.git/HEAD", "ref: refs/heads/main\n");
  put("r/.git/packed-refs",
      "# pack-refs with: peeled fully-peeled sorted \n" + kOther + " refs/heads/mainline\n" +
          kCommit + " refs/heads/main\n" + kOther + " refs/tags/v1\n^" + kOther + "\n");
  expect(read_git_facts(folder / "r"), folder / "r", kCommit, "main");
  put("r/.git/refs/heads/main", kOther + "\n");
  EXPECT_EQ(read_git_facts(folder / "r").commit, kOther);
}

TEST_F(GitTest, detached_head_has_no_branch) {
  put("r/.git/HEAD", kCommit + "\n");
  expect(read_git_facts(folder / "r"), folder / "r", kCommit, "");
}

TEST_F(GitTest, repository_without_commits_has_a_branch_only) {
  put("r/.git/HEAD", "ref: refs/heads/main\n");
  expect(read_git_facts(folder / "r"), folder / "r", "", "main");
}

TEST_F(GitTest, sha256_ids_are_understood_and_others_are_not) {
  put("r/.git/HEAD", std::string(64, 'c') + "\n");
  EXPECT_EQ(read_git_facts(folder / "r").commit, std::string(64, 'c'));
  put("r/.git/HEAD", "nonsense\n");
  expect(read_git_facts(folder / "r"), folder / "r", "", "");
}

TEST_F(GitTest, worktree_shares_the_branches_of_its_repository) {
  put("r/.git/HEAD", "ref: refs/heads/main\n");
  put("r/.git/refs/heads/side", kCommit + "\n");
  put("r/.git/worktrees/w/HEAD", "ref: refs/heads/side\n");
  put("r/.git/worktrees/w/commondir", "../..\n");
  put("w/.git", "gitdir: " + (folder / "r/.git/worktrees/w") + "\n");
  expect(read_git_facts(folder / "w"), folder / "w", kCommit, "side");
}

TEST_F(GitTest, submodule_names_its_folder_relative_to_itself) {
  put("r/.git/modules/sub/HEAD", kCommit + "\n");
  put("r/sub/.git", "gitdir: ../.git/modules/sub\n");
  expect(read_git_facts(folder / "r/sub"), folder / "r/sub", kCommit, "");
}

TEST_F(GitTest, symbolic_ref_to_a_ref_is_followed_and_a_circle_is_left) {
  put("r/.git/HEAD", "ref: refs/heads/alias\n");
  put("r/.git/refs/heads/alias", "ref: refs/heads/main\n");
  put("r/.git/refs/heads/main", kCommit + "\n");
  expect(read_git_facts(folder / "r"), folder / "r", kCommit, "alias");
  put("r/.git/refs/heads/main", "ref: refs/heads/alias\n");
  EXPECT_EQ(read_git_facts(folder / "r").commit, "");
}

TEST_F(GitTest, reftable_is_known_to_be_a_repository_and_no_more) {
  put("r/.git/HEAD", "ref: refs/heads/.invalid\n");
  expect(read_git_facts(folder / "r"), folder / "r", "", "");
}

TEST_F(GitTest, git_file_that_leads_nowhere_is_no_repository) {
  put("r/.git", "gitdir: /nowhere/at/all\n");
  EXPECT_EQ(read_git_facts(folder / "r").root, "");
}

}  // namespace
}  // namespace headway
