// The last lines of a log, and ranges of it.
#include "cli/text/log_tail.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

class LogTailTest : public testing::Test {
 protected:
  LogTail tail(std::string_view content, int max_lines) {
    spill(folder / "log", content);
    auto read = read_log_tail(folder / "log", max_lines);
    EXPECT_TRUE(read);
    return read ? *read : LogTail{};
  }
  TempFolder folder;
};

TEST_F(LogTailTest, lines_are_numbered_from_the_start_of_the_file) {
  const LogTail end = tail("1\n2\n3\n4\n", 2);
  EXPECT_EQ(end.lines, (std::vector<std::string>{"3", "4"}));
  EXPECT_EQ(end.first_line, 3);
  EXPECT_EQ(end.line_count, 4);
}

TEST_F(LogTailTest, line_without_end_is_a_line) {
  const LogTail end = tail("1\n2", 5);
  EXPECT_EQ(end.lines, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(end.line_count, 2);
}

TEST_F(LogTailTest, empty_file_has_no_lines_and_an_empty_line_is_one) {
  EXPECT_EQ(tail("", 5).line_count, 0);
  EXPECT_TRUE(tail("", 5).lines.empty());
  EXPECT_EQ(tail("\n", 5).lines, std::vector<std::string>{""});
}

TEST_F(LogTailTest, large_file_is_counted_whole_and_kept_in_part) {
  std::string content;
  for (int i = 1; i <= 100'000; ++i) {
    content += "line " + std::to_string(i) + "\n";
  }
  const LogTail end = tail(content, 2);
  EXPECT_EQ(end.lines, (std::vector<std::string>{"line 99999", "line 100000"}));
  EXPECT_EQ(end.first_line, 99'999);
}

TEST_F(LogTailTest, absent_file_is_an_error_that_names_it) {
  const auto read = read_log_tail(folder / "none", 3);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("none"), std::string::npos);
}

TEST_F(LogTailTest, range_gives_what_there_is) {
  spill(folder / "log", "0123456789");
  std::string got;
  const auto take = [&](std::string_view bytes) { got += bytes; };
  EXPECT_EQ(read_range(folder / "log", {.first = 2, .last = 5}, take), 3);
  EXPECT_EQ(read_range(folder / "log", {.first = 8}, take), 2);
  EXPECT_EQ(read_range(folder / "log", {.first = 20}, take), 0);
  EXPECT_EQ(read_range(folder / "none", {}, take), 0);
  EXPECT_EQ(got, "23489");
}

}  // namespace
}  // namespace headway::cli
