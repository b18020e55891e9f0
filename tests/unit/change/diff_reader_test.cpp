// What git says of changed files, taken apart.
#include "change/diff_reader.hpp"

#include <gtest/gtest.h>

#include <string>

namespace headway {
namespace {

std::string bytes(std::initializer_list<std::string_view> pieces) {
  std::string text;
  for (const std::string_view piece : pieces) {
    text.append(piece).push_back('\0');
  }
  return text;
}

TEST(ParseDiff, lines_and_modes_of_ordinary_files) {
  const auto files = parse_diff(bytes({":100644 100755 aaa bbb M",
                                       "run me",
                                       ":000000 100644 0 b A",
                                       "a\tb\n.py",
                                       "3\t1\trun me",
                                       "7\t0\ta\tb\n.py"}));
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].path, "a\tb\n.py");
  EXPECT_EQ(files[0].lines_added, 7);
  EXPECT_TRUE(files[1].executable);
  EXPECT_EQ(files[1].lines_deleted, 1);
}

TEST(ParseDiff, a_renamed_file_has_both_names) {
  const auto files = parse_diff(
      bytes({":100644 100644 a b R090", "old.md", "new.md", "2\t1\t", "old.md", "new.md"}));
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].path, "new.md");
  EXPECT_EQ(files[0].old_path, "old.md");
  EXPECT_EQ(files[0].lines_added, 2);
}

TEST(ParseDiff, binary_files_and_submodules_have_no_lines) {
  const auto files = parse_diff(bytes({":100644 100644 a b M",
                                       "x.bin",
                                       ":160000 160000 a b M",
                                       "sub",
                                       "-\t-\tx.bin",
                                       "1\t1\tsub"}));
  ASSERT_EQ(files.size(), 2U);
  EXPECT_TRUE(files[0].submodule);
  EXPECT_EQ(files[0].lines_added, 0);
  EXPECT_TRUE(files[1].binary);
  EXPECT_EQ(files[1].lines_added, 0);
}

TEST(ParseDiff, an_unmerged_file_counts_once) {
  const auto files =
      parse_diff(bytes({":000000 100644 a b U", "x", ":100644 100644 a b M", "x", "4\t2\tx"}));
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].lines_added, 4);
}

TEST(ParseDiff, any_bytes_are_read_without_harm) {
  EXPECT_TRUE(parse_diff("").empty());
  EXPECT_NO_FATAL_FAILURE(parse_diff(":"));
  EXPECT_NO_FATAL_FAILURE(parse_diff(":100644"));
  EXPECT_NO_FATAL_FAILURE(parse_diff("nonsense"));
  EXPECT_NO_FATAL_FAILURE(parse_diff(std::string(":\0\t\0\0:", 6)));
}

TEST(ParsePaths, another_repository_is_a_submodule) {
  const auto files = parse_paths(bytes({"b", "a/"}));
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].path, "a");
  EXPECT_TRUE(files[0].submodule);
}

TEST(Merged, deleted_and_untracked_is_one_change) {
  const auto files = merged({{.path = "x", .lines_deleted = 5}}, {{.path = "x", .lines_added = 3}});
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].lines_added, 3);
  EXPECT_EQ(files[0].lines_deleted, 5);
}

}  // namespace
}  // namespace headway
