// Commits of a range and the commit-msg hook, in real repositories.
#include "change/commit_log.hpp"

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

}  // namespace
}  // namespace headway
