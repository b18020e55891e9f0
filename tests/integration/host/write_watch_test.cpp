// Who has written to a file.
#include "host/write_watch.hpp"

#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace headway {
namespace {

TEST(WriteWatch, a_write_is_seen_and_a_change_of_times_is_none) {
  const TempFolder folder;
  const std::string path = folder / "file";
  spill(path, "same");
  WriteWatch watch;
  const int number = watch.add(path);
  ASSERT_GE(number, 0);
  ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
  EXPECT_FALSE(watch.was_written(number));
  spill(path, "same");
  EXPECT_TRUE(watch.was_written(number));
  EXPECT_TRUE(watch.was_written(number));
}

TEST(WriteWatch, another_file_of_the_same_name_is_not_the_one_that_is_watched) {
  const TempFolder folder;
  spill(folder / "file", "a");
  WriteWatch watch;
  const int number = watch.add(folder / "file");
  spill(folder / "other", "b");
  ASSERT_EQ(::rename((folder / "other").c_str(), (folder / "file").c_str()), 0);
  EXPECT_FALSE(watch.was_written(number));
}

// A report that was removed and made anew with the same content had the same inode, and counted as
// the one of the run before.
TEST(WriteWatch, a_file_that_was_removed_is_gone_also_where_another_has_its_number) {
  const TempFolder folder;
  spill(folder / "file", "same");
  spill(folder / "kept", "same");
  WriteWatch watch;
  const int removed = watch.add(folder / "file");
  const int kept = watch.add(folder / "kept");
  EXPECT_FALSE(watch.is_gone(removed));
  ASSERT_EQ(::unlink((folder / "file").c_str()), 0);
  spill(folder / "file", "same");
  EXPECT_TRUE(watch.is_gone(removed));
  EXPECT_FALSE(watch.was_written(removed));
  EXPECT_FALSE(watch.is_gone(kept));
  EXPECT_FALSE(watch.is_gone(-1));
}

TEST(WriteWatch, file_that_is_watched_again_after_a_write_has_not_been_written_to_since) {
  const TempFolder folder;
  spill(folder / "file", "a");
  WriteWatch watch;
  const int first = watch.add(folder / "file");
  const int same = watch.add(folder / "file");
  spill(folder / "file", "b");
  const int second = watch.add(folder / "file");
  ASSERT_GE(second, 0);
  EXPECT_TRUE(watch.was_written(first));
  EXPECT_TRUE(watch.was_written(same));
  EXPECT_FALSE(watch.was_written(second));
  spill(folder / "file", "c");
  EXPECT_TRUE(watch.was_written(second));
}

TEST(WriteWatch, what_is_not_there_cannot_be_watched) {
  WriteWatch watch;
  EXPECT_EQ(watch.add("/nonexistent/file"), -1);
  EXPECT_FALSE(watch.was_written(-1));
}

}  // namespace
}  // namespace headway
