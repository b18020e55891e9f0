// RestoreWork on a real disk: an error in the middle leaves everything as it was.
#include "host/restore_work.hpp"

#include "support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace headway {
namespace {

namespace fs = std::filesystem;
using Kind = RestoreStep::Kind;

class RestoreWorkTest : public testing::Test {
 protected:
  RestoreWorkTest() : workspace(std::move(*Workspace::open(make_workspace(), {}))) {}
  std::string make_workspace() const {
    fs::create_directory(folder / "w");
    return folder / "w";
  }
  std::string at(std::string_view name) const { return folder / ("w/" + std::string(name)); }
  // Every write gets the content "new".
  Result<void> apply(const RestorePlan& plan, const FoundNames& found) {
    RestoreWork work(workspace, plan, folder / "aside");
    EXPECT_TRUE(work.begin());
    for (std::size_t i = 0; i < work.objects().size(); ++i) {
      EXPECT_TRUE(work.begin_content(i, 3));
      EXPECT_TRUE(work.add_content("ne"));
      EXPECT_TRUE(work.add_content("w"));
    }
    EXPECT_TRUE(work.end_content());
    auto done = work.apply(found);
    EXPECT_FALSE(work.is_torn());
    return done;
  }

  TempFolder folder;
  Workspace workspace;
};

TEST_F(RestoreWorkTest, every_kind_of_step_is_made) {
  spill(at("old"), "1");
  spill(at("gone"), "1");
  fs::create_directory(at("empty"));
  const FoundNames found = *workspace.find({"."});
  RestorePlan plan;
  plan.steps = {{Kind::remove_file, "gone", 0, 0644},
                {Kind::remove_folder, "empty", 0, 0755},
                {Kind::make_parent, "up"},
                {Kind::make_folder, "up/d", 0700, 0},
                {Kind::write, "old", 0640, 0, "o", false, true},
                {Kind::write, "up/d/link", 0777, 0, "o", true, false},
                {Kind::set_mode, "up/d", 0750, 0700}};
  const auto done = apply(plan, found);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_FALSE(fs::exists(at("gone")));
  EXPECT_FALSE(fs::exists(at("empty")));
  EXPECT_EQ(slurp(at("old")), "new");
  EXPECT_EQ(fs::read_symlink(at("up/d/link")), "new");
  struct stat status {};
  ::lstat(at("up/d").c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777, 0750U);
  ::lstat(at("old").c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
  EXPECT_FALSE(fs::exists(folder / "aside"));
}

TEST_F(RestoreWorkTest, a_name_that_changed_meanwhile_undoes_every_step_before) {
  spill(at("old"), "1");
  spill(at("gone"), "1");
  spill(at("last"), "1");
  fs::create_directories(at("shut/empty"));
  ::chmod(at("shut/empty").c_str(), 0711);
  ::chmod(at("shut").c_str(), 0511);
  const FoundNames found = *workspace.find({"."});
  spill(at("last"), "somebody else was here");
  RestorePlan plan;
  plan.steps = {{Kind::open_folder, "shut", 0711, 0511},
                {Kind::remove_file, "gone", 0, 0644},
                {Kind::remove_folder, "shut/empty", 0, 0711},
                {Kind::make_parent, "up"},
                {Kind::make_folder, "up/d", 0700, 0},
                {Kind::write, "old", 0640, 0, "o", false, true},
                {Kind::write, "up/d/x", 0644, 0, "o", false, false},
                {Kind::write, "last", 0644, 0, "o", false, true}};
  const auto done = apply(plan, found);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::conflict);
  EXPECT_THAT(done.error().message, testing::HasSubstr("'last' changed while"));
  EXPECT_THAT(done.error().message, testing::HasSubstr("nothing was changed"));
  EXPECT_EQ(slurp(at("old")), "1");
  EXPECT_EQ(slurp(at("gone")), "1");
  EXPECT_EQ(slurp(at("last")), "somebody else was here");
  EXPECT_FALSE(fs::exists(at("up")));
  struct stat status {};
  ASSERT_EQ(::lstat(at("shut/empty").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0711U);
  ::lstat(at("shut").c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777, 0511U);
}

TEST_F(RestoreWorkTest, a_name_that_appeared_meanwhile_is_not_overwritten) {
  const FoundNames found = *workspace.find({"."});
  spill(at("x"), "theirs");
  RestorePlan plan;
  plan.steps = {{Kind::write, "x", 0644, 0, "o", false, false}};
  EXPECT_FALSE(apply(plan, found));
  EXPECT_EQ(slurp(at("x")), "theirs");
}

TEST_F(RestoreWorkTest, a_folder_that_is_not_empty_is_not_removed) {
  fs::create_directory(at("d"));
  spill(at("a"), "1");
  const FoundNames found = *workspace.find({"."});
  spill(at("d/late"), "theirs");
  RestorePlan plan;
  plan.steps = {{Kind::remove_file, "a", 0, 0644}, {Kind::remove_folder, "d", 0, 0755}};
  EXPECT_FALSE(apply(plan, found));
  EXPECT_EQ(slurp(at("a")), "1");
  EXPECT_EQ(slurp(at("d/late")), "theirs");
}

TEST_F(RestoreWorkTest, a_file_gives_way_to_a_folder_of_its_name) {
  spill(at("x"), "1");
  const FoundNames found = *workspace.find({"."});
  RestorePlan plan;
  plan.steps = {{Kind::remove_file, "x", 0, 0644},
                {Kind::make_folder, "x", 0700, 0},
                {Kind::set_mode, "x", 0750, 0700}};
  EXPECT_TRUE(apply(plan, found));
  EXPECT_TRUE(fs::is_directory(at("x")));
}

// A link that took the place of a folder on the way is not followed, and its target stays.
TEST_F(RestoreWorkTest, a_folder_that_became_a_link_stops_everything) {
  fs::create_directory(at("d"));
  spill(at("d/a"), "1");
  const FoundNames found = *workspace.find({"."});
  fs::rename(at("d"), folder / "moved");
  fs::create_directory_symlink(folder / "moved", at("d"));
  RestorePlan plan;
  plan.steps = {{Kind::write, "d/a", 0644, 0, "o", false, true}};
  EXPECT_FALSE(apply(plan, found));
  EXPECT_EQ(slurp(folder / "moved/a"), "1");
}

}  // namespace
}  // namespace headway
