// Commits of a range and the commit-msg hook, in real repositories.
#include "change/commit_log.hpp"

#include "change/commit_hook.hpp"
#include "support/git_repository.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

TEST(ReadCommitLog, messages_of_a_range_newest_first) {
  GitRepository repository;
  repository.commit("first");
  repository.commit("second\n\nwith body\n");
  repository.commit("third");
  const auto log = read_commit_log(repository.path(), "HEAD~2..HEAD");
  ASSERT_TRUE(log);
  ASSERT_EQ(log->commits.size(), 2U);
  EXPECT_TRUE(log->commits[0].message.starts_with("third"));
  EXPECT_TRUE(log->commits[1].message.starts_with("second\n\nwith body"));
  EXPECT_EQ(log->commits[0].id.size(), 40U);
  EXPECT_FALSE(log->commits[0].is_merge);
}

TEST(ReadCommitLog, a_merge_is_known_by_its_parents) {
  GitRepository repository;
  repository.commit("first");
  repository.git("checkout -b side");
  repository.commit("side");
  repository.git("checkout main");
  repository.commit("main");
  repository.git("merge side -m 'bring it together'");
  const auto log = read_commit_log(repository.path(), "HEAD");
  ASSERT_TRUE(log);
  EXPECT_TRUE(log->commits[0].is_merge);
  EXPECT_EQ(log->commits.size(), 4U);
}

TEST(ReadCommitLog, an_empty_range_is_none_and_an_unknown_one_an_error) {
  GitRepository repository;
  repository.commit("first");
  const auto none = read_commit_log(repository.path(), "HEAD..HEAD");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->commits.empty());
  for (const char* range : {"nonsense..HEAD", "", "--all"}) {
    EXPECT_FALSE(read_commit_log(repository.path(), range)) << range;
  }
}

TEST(InstallCommitHook, is_written_once_and_renewed) {
  GitRepository repository;
  const auto first = install_commit_hook(repository.path(), "/opt/it's/headway");
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_TRUE(first->is_new);
  EXPECT_EQ(first->path, repository.path(".git/hooks/commit-msg"));
  EXPECT_NE(slurp(first->path).find("'/opt/it'\\''s/headway'"), std::string::npos);
  const auto second = install_commit_hook(repository.path(), "/usr/bin/headway");
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->is_new);
  EXPECT_NE(slurp(first->path).find("/usr/bin/headway"), std::string::npos);
}

TEST(InstallCommitHook, a_hook_of_somebody_else_is_left_alone) {
  GitRepository repository;
  repository.write(".git/hooks/commit-msg", "#!/bin/sh\nexit 0\n");
  const auto hook = install_commit_hook(repository.path(), "/usr/bin/headway");
  ASSERT_FALSE(hook);
  EXPECT_EQ(hook.error().code, ErrorCode::conflict);
  EXPECT_NE(hook.error().next_step.find("commit check"), std::string::npos);
  EXPECT_EQ(slurp(repository.path(".git/hooks/commit-msg")), "#!/bin/sh\nexit 0\n");
}

TEST(InstallCommitHook, core_hookspath_and_worktrees_are_followed) {
  GitRepository repository;
  repository.commit("first");
  repository.git("worktree add ../" + repository.path().substr(repository.path().rfind('/') + 1) +
                 "-tree -b side");
  const std::string tree = repository.path() + "-tree";
  const auto hook = install_commit_hook(tree, "/usr/bin/headway");
  ASSERT_TRUE(hook);
  EXPECT_EQ(hook->path, repository.path(".git/hooks/commit-msg"));
  std::filesystem::remove_all(tree);
  repository.git("config core.hooksPath .own-hooks");
  const auto own = install_commit_hook(repository.path(), "/usr/bin/headway");
  ASSERT_TRUE(own);
  EXPECT_EQ(own->path, repository.path(".own-hooks/commit-msg"));
}

TEST(InstallCommitHook, outside_a_repository_it_is_an_error) {
  const TempFolder folder;
  const auto hook = install_commit_hook(folder.path(), "/usr/bin/headway");
  ASSERT_FALSE(hook);
  EXPECT_EQ(hook.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace headway
