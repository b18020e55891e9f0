// LineAppender over a file that has only so much room.
#include "record/line_appender.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <random>
#include <string>

namespace headway {
namespace {

// A disk of `room` bytes.
class SmallDisk final : public AppendTarget {
 public:
  explicit SmallDisk(std::size_t space) : room(space) {}

  Written write(std::string_view bytes) override {
    ++writes;
    const std::size_t free = room > content.size() ? room - content.size() : 0;
    const std::string_view taken = bytes.substr(0, free);
    content += taken;
    return {taken.size(), taken.empty() && !bytes.empty() ? ENOSPC : 0};
  }

  bool cut(std::size_t bytes) override {
    if (can_cut) {
      content.resize(content.size() - bytes);
    }
    return can_cut;
  }

  std::size_t room;
  std::string content;
  int writes = 0;
  bool can_cut = true;
};

constexpr std::size_t kBacklog = 1000;
constexpr std::size_t kPlenty = 1U << 20U;

TEST(LineAppender, line_that_fits_is_one_write) {
  SmallDisk disk(kPlenty);
  LineAppender lines(disk, kBacklog);
  lines.append("one\n");
  lines.append("two\n");
  EXPECT_EQ(disk.content, "one\ntwo\n");
  EXPECT_EQ(disk.writes, 2);
  EXPECT_EQ(lines.first_error(), 0);
}

TEST(LineAppender, half_line_on_a_full_disk_is_cut_off) {
  SmallDisk disk(6);
  LineAppender lines(disk, kBacklog);
  lines.append("one\n");
  lines.append("two\n");
  EXPECT_EQ(disk.content, "one\n");
  EXPECT_EQ(lines.waiting_lines(), 1);
  EXPECT_EQ(lines.first_error(), ENOSPC);
}

TEST(LineAppender, lines_that_waited_come_in_order_when_there_is_room) {
  SmallDisk disk(6);
  LineAppender lines(disk, kBacklog);
  lines.append("one\n");
  lines.append("two\n");
  lines.append("three\n");
  disk.room = kPlenty;
  lines.append("four\n");
  EXPECT_EQ(disk.content, "one\ntwo\nthree\nfour\n");
  EXPECT_EQ(lines.waiting_lines(), 0);
  EXPECT_EQ(lines.lost_lines(), 0);
}

TEST(LineAppender, shorter_line_does_not_overtake_one_that_waits) {
  SmallDisk disk(6);
  LineAppender lines(disk, kBacklog);
  lines.append("a long line\n");
  lines.append("b\n");
  EXPECT_EQ(disk.content, "");
  EXPECT_EQ(lines.waiting_lines(), 2);
}

TEST(LineAppender, room_for_some_of_the_waiting_lines_takes_those) {
  SmallDisk disk(0);
  LineAppender lines(disk, kBacklog);
  lines.append("one\n");
  lines.append("two\n");
  lines.append("three\n");
  disk.room = 10;
  lines.retry();
  EXPECT_EQ(disk.content, "one\ntwo\n");
  EXPECT_EQ(lines.waiting_lines(), 1);
}

TEST(LineAppender, half_line_that_cannot_be_cut_off_yet_is_never_written_behind) {
  SmallDisk disk(6);
  disk.can_cut = false;
  LineAppender lines(disk, kBacklog);
  lines.append("one\n");
  lines.append("two\n");
  disk.room = kPlenty;
  lines.append("three\n");
  EXPECT_EQ(disk.content, "one\ntw");
  disk.can_cut = true;
  lines.retry();
  EXPECT_EQ(disk.content, "one\ntwo\nthree\n");
}

TEST(LineAppender, beyond_the_bound_lines_are_lost_and_counted) {
  SmallDisk disk(0);
  LineAppender lines(disk, 10);
  lines.append("123456\n");
  lines.append("123456\n");
  lines.append("12\n");
  EXPECT_EQ(lines.lost_lines(), 1);
  EXPECT_EQ(lines.waiting_lines(), 2);
}

TEST(LineAppender, line_that_must_not_be_lost_is_kept_beyond_the_bound) {
  SmallDisk disk(0);
  LineAppender lines(disk, 4);
  lines.append("one\n");
  lines.append("last\n", true);
  disk.room = kPlenty;
  lines.retry();
  EXPECT_EQ(disk.content, "one\nlast\n");
}

TEST(LineAppender, with_room_that_comes_and_goes_the_file_is_always_a_prefix_of_whole_lines) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    SmallDisk disk(0);
    LineAppender lines(disk, kPlenty);
    std::string expected;
    for (int i = 0; i < 100; ++i) {
      disk.room = std::max(disk.room, disk.content.size()) + random() % 12;
      const std::string line = std::string(random() % 20, 'x') + std::to_string(i) + "\n";
      expected += line;
      lines.append(line);
      ASSERT_EQ(disk.content, expected.substr(0, disk.content.size())) << "seed " << seed;
      ASSERT_TRUE(disk.content.empty() || disk.content.back() == '\n') << "seed " << seed;
    }
    disk.room = kPlenty;
    lines.retry();
    EXPECT_EQ(disk.content, expected);
    EXPECT_EQ(lines.waiting_lines(), 0);
  }
}

}  // namespace
}  // namespace headway
