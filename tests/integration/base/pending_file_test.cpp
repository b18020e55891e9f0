// Files that are written in pieces and then replace another.
#include "base/pending_file.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <utility>

namespace headway {
namespace {

std::ptrdiff_t entries_in(const std::string& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

TEST(PendingFile, pieces_become_the_file_at_the_commit_and_not_before) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "a", "old", Durability::process));
  PendingFile file(dir / "a");
  file.append("one ");
  file.append("two");
  EXPECT_EQ(*read_file(dir / "a"), "old");
  EXPECT_TRUE(file.commit(Durability::power));
  EXPECT_EQ(*read_file(dir / "a"), "one two");
  EXPECT_EQ(entries_in(dir.path()), 1);
}

TEST(PendingFile, one_that_is_dropped_leaves_the_old_content_and_no_other_file) {
  const TempFolder dir;
  ASSERT_TRUE(write_file_atomically(dir / "a", "old", Durability::process));
  {
    PendingFile file(dir / "a");
    file.append("new");
    EXPECT_EQ(entries_in(dir.path()), 2);
  }
  EXPECT_EQ(*read_file(dir / "a"), "old");
  EXPECT_EQ(entries_in(dir.path()), 1);
}

TEST(PendingFile, one_that_was_moved_is_committed_once) {
  const TempFolder dir;
  {
    PendingFile first(dir / "a");
    first.append("new");
    PendingFile second(std::move(first));
    EXPECT_TRUE(second.commit(Durability::process));
  }
  EXPECT_EQ(*read_file(dir / "a"), "new");
  EXPECT_EQ(entries_in(dir.path()), 1);
}

TEST(PendingFile, trouble_is_told_by_the_commit) {
  const TempFolder dir;
  PendingFile file(dir / "absent/a");
  file.append("new");
  const auto done = file.commit(Durability::process);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::not_found);
  EXPECT_NE(done.error().message.find(dir / "absent/a"), std::string::npos);
}

}  // namespace
}  // namespace headway
