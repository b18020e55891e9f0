// `headway init` and the disk: what it sees of a folder, and that it never touches what is there.
#include "cli/init/new_files.hpp"
#include "cli/init/source_folder.hpp"
#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace headway::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SourceFolder, sees_files_but_not_what_tools_fill) {
  const TempFolder folder;
  for (const char* below : {"web/src/a", "node_modules/x", ".venv/lib", "1/2/3/4/5"}) {
    std::filesystem::create_directories(folder / below);
  }
  spill(folder / "package.json", "{}");
  spill(folder / ".hidden", "x");
  spill(folder / "web/go.mod", "module w");
  spill(folder / "web/src/a/b.ts", "");
  spill(folder / "node_modules/x/package.json", "{}");
  spill(folder / ".venv/lib/setup.py", "");
  spill(folder / "1/2/3/here", "");
  spill(folder / "1/2/3/4/5/deep", "");
  const SourceFolder seen = read_source_folder(folder.path());
  EXPECT_THAT(seen.files,
              ElementsAre(".hidden", "1/2/3/here", "package.json", "web/go.mod", "web/src/a/b.ts"));
  EXPECT_EQ(seen.text("web/go.mod"), "module w");
  EXPECT_EQ(seen.below("web").text("go.mod"), "module w");
  EXPECT_THAT(seen.folders(), ElementsAre("1", "web"));
  EXPECT_TRUE(read_source_folder(folder / "nowhere").files.empty());
}

TEST(NewFiles, are_created_with_their_folders_and_modes) {
  const TempFolder folder;
  ASSERT_TRUE(create_files({{folder / "a/b c/x.sh", "x", true}, {folder / "y", "y"}}));
  EXPECT_EQ(slurp(folder / "a/b c/x.sh"), "x");
  EXPECT_EQ(::access((folder / "a/b c/x.sh").c_str(), X_OK), 0);
  EXPECT_NE(::access((folder / "y").c_str(), X_OK), 0);
}

TEST(NewFiles, one_that_is_there_keeps_all_from_being_written) {
  const TempFolder folder;
  spill(folder / "b", "mine");
  std::filesystem::create_symlink("nowhere", folder / "c");
  const auto created =
      create_files({{folder / "a", "x"}, {folder / "b", "x"}, {folder / "c", "x"}});
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, ErrorCode::conflict);
  EXPECT_THAT(created.error().message, HasSubstr("/b, "));
  EXPECT_THAT(created.error().message, HasSubstr("/c are there already"));
  EXPECT_EQ(slurp(folder / "b"), "mine");
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
  EXPECT_FALSE(std::filesystem::exists(folder / "nowhere"));
}

TEST(NewFiles, one_that_cannot_be_made_takes_the_others_with_it) {
  const TempFolder folder;
  spill(folder / "file", "");
  const auto created = create_files({{folder / "a", "x"}, {folder / "file/b", "x"}});
  ASSERT_FALSE(created);
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
}

}  // namespace
}  // namespace headway::cli
