// What `git status --porcelain=v2 --branch -z` prints.
#include "host/git_status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::string_view_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(GitStatus, branch_upstream_and_distance_are_read) {
  const GitStatus status = parse_git_status(
      "# branch.oid 0123\0# branch.head topic\0# branch.upstream origin/topic\0# branch.ab +2 -3\0"sv);
  EXPECT_TRUE(status.is_answered);
  EXPECT_EQ(status.branch, "topic");
  EXPECT_EQ(status.upstream, "origin/topic");
  EXPECT_EQ(status.ahead, 2);
  EXPECT_EQ(status.behind, 3);
}

TEST(GitStatus, detached_head_is_no_branch) {
  EXPECT_EQ(parse_git_status("# branch.head (detached)\0"sv).branch, "");
}

TEST(GitStatus, paths_are_sorted_by_what_became_of_them) {
  const GitStatus status = parse_git_status(
      "1 .M N... 100644 100644 100644 aa bb with a blank.txt\0"
      "2 R. N... 100644 100644 100644 aa bb R100 new\0old\0"
      "u UU N... 100644 100644 100644 100644 aa bb cc both.txt\0"
      "? new file\0"
      "! ignored\0"sv);
  EXPECT_THAT(status.changed, ElementsAre("with a blank.txt", "new"));
  EXPECT_THAT(status.unmerged, ElementsAre("both.txt"));
  EXPECT_THAT(status.untracked, ElementsAre("new file"));
}

TEST(GitStatus, nothing_said_is_clean_and_garbage_is_passed_over) {
  EXPECT_THAT(parse_git_status("").changed, IsEmpty());
  EXPECT_THAT(parse_git_status("1 M\0x\0zzz zzz\0# branch.ab +\0"sv).untracked, IsEmpty());
}

}  // namespace
}  // namespace headway
