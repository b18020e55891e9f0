// Tests of find_files on real folders: what globs mean there, links, folders that are left alone.
#include "host/file_set.hpp"

#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace headway {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FileSetTest : public testing::Test {
 protected:
  void make(const std::string& path) {
    fs::create_directories(fs::path(folder_ / path).parent_path());
    spill(folder_ / path, path);
  }
  FileSet find(const std::vector<std::string>& globs) {
    const auto patterns = PathPatterns::parse(globs);
    EXPECT_TRUE(patterns);
    return find_files({folder_.path(), folder_ / ".headway"}, *patterns);
  }
  std::vector<std::string> paths(const std::vector<std::string>& globs) {
    std::vector<std::string> out;
    for (const FoundFile& file : find(globs).files) {
      out.push_back(file.path);
    }
    return out;
  }

  TempFolder folder_;
};

TEST_F(FileSetTest, globs_give_files_in_order_each_once) {
  for (const char* path : {"src/b.c", "src/a.c", "src/x/c.c", "text/a.md", "top.c"}) {
    make(path);
  }
  EXPECT_THAT(paths({"**/*.c", "src/**"}), ElementsAre("src/a.c", "src/b.c", "src/x/c.c", "top.c"));
  EXPECT_THAT(paths({"src", "!src/x"}), ElementsAre("src/a.c", "src/b.c"));
  EXPECT_THAT(paths({"top.c", "./src/../top.c"}), ElementsAre("top.c"));
}

TEST_F(FileSetTest, git_and_the_state_folder_are_entered_only_by_name) {
  for (const char* path : {".git/HEAD", ".headway/x", "sub/.git/HEAD", ".hidden/a"}) {
    make(path);
  }
  EXPECT_THAT(paths({"**"}), ElementsAre(".hidden/a"));
  EXPECT_THAT(paths({"**", ".git/HEAD"}), ElementsAre(".git/HEAD", ".hidden/a"));
}

TEST_F(FileSetTest, globs_without_any_file_are_told_apart) {
  make("a.c");
  EXPECT_THAT(find({"*.c", "!b.c", "missing", "lib/**"}).matched,
              ElementsAre(true, false, false, false));
  EXPECT_THAT(paths({"missing", "lib/**"}), IsEmpty());
}

TEST_F(FileSetTest, link_to_a_file_has_its_target_and_content) {
  make("real.c");
  fs::create_symlink("real.c", folder_ / "link.c");
  fs::create_symlink("nowhere", folder_ / "broken");
  const FileSet set = find({"*"});
  ASSERT_EQ(set.files.size(), 3U);
  EXPECT_EQ(set.files[0].kind, FileKind::link);
  EXPECT_EQ(set.files[0].link->target, "nowhere");
  EXPECT_FALSE(set.files[0].link->has_content);
  EXPECT_EQ(set.files[1].link->target, "real.c");
  EXPECT_EQ(set.files[1].content_stamp(), set.files[2].stamp);
}

TEST_F(FileSetTest, link_to_a_folder_is_followed_only_where_a_glob_names_it) {
  make("real/a.c");
  fs::create_symlink("real", folder_ / "link");
  fs::create_symlink(".", folder_ / "real/loop");
  EXPECT_THAT(paths({"**/*.c"}), ElementsAre("real/a.c"));
  EXPECT_THAT(paths({"link/**/*.c"}), ElementsAre("link/a.c"));
}

TEST_F(FileSetTest, places_outside_are_found_as_they_are_spelled) {
  make("work/a");
  make("shared/b");
  const auto patterns = PathPatterns::parse({"../shared/*", folder_ / "shared"});
  const FileSet set = find_files({folder_ / "work", ""}, *patterns);
  ASSERT_EQ(set.files.size(), 2U) << set.files.at(0).path;
  EXPECT_EQ(set.files[0].path, "../shared/b");
  EXPECT_EQ(set.files[1].path, folder_ / "shared/b");
}

TEST_F(FileSetTest, pipe_is_found_and_not_opened) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  const FileSet set = find({"*"});
  ASSERT_EQ(set.files.size(), 1U);
  EXPECT_EQ(set.files[0].kind, FileKind::other);
}

TEST_F(FileSetTest, folder_that_cannot_be_read_is_a_problem_with_its_name) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "root reads everything";
  }
  make("locked/a");
  fs::permissions(folder_ / "locked", fs::perms::none);
  const FileSet set = find({"**"});
  fs::permissions(folder_ / "locked", fs::perms::owner_all);
  ASSERT_EQ(set.problems.size(), 1U);
  EXPECT_THAT(set.problems[0].message, HasSubstr("read folder locked: Permission denied"));
}

TEST_F(FileSetTest, deep_folders_need_few_descriptors) {
  std::string path = "d";
  for (int i = 0; i < 400; ++i) {
    path += "/d";
  }
  make(path + "/leaf");
  EXPECT_EQ(paths({"**/leaf"}).size(), 1U);
}

TEST_F(FileSetTest, missing_base_folder_is_a_problem) {
  const FileSet set = find_files({folder_ / "gone", ""}, *PathPatterns::parse({"**"}));
  ASSERT_EQ(set.problems.size(), 1U);
  EXPECT_THAT(set.problems[0].message, HasSubstr("No such file"));
}

}  // namespace
}  // namespace headway
