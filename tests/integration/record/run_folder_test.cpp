// State folders, run names and locks on a real file system.
#include "record/run_folder.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace headway {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOld = "019aabcd-0000-7000-8000-00000000aaaa";
constexpr const char* kMiddle = "019aabcd-0001-7000-8000-00000001bbbb";
constexpr const char* kNew = "019aabcd-0002-7000-8000-00000002bbbb";

class RunFolderOnDisk : public ::testing::Test {
 protected:
  RunFolderOnDisk() : state{folder / ".headway"} {
    EXPECT_TRUE(state.create());
    for (const char* run : {kMiddle, kOld, kNew}) {
      EXPECT_TRUE(RunFolder{state.run(run)}.create());
    }
  }

  TempFolder folder;
  StateFolder state;
};

TEST_F(RunFolderOnDisk, state_folder_hides_itself_from_git) {
  EXPECT_EQ(slurp(state.path + "/.gitignore"), "*\n");
  EXPECT_TRUE(fs::is_directory(state.runs()));
}

TEST_F(RunFolderOnDisk, state_folder_that_is_there_keeps_its_gitignore) {
  spill(state.path + "/.gitignore", "runs\n");
  EXPECT_TRUE(state.create());
  EXPECT_EQ(slurp(state.path + "/.gitignore"), "runs\n");
}

TEST_F(RunFolderOnDisk, state_folder_below_a_file_is_an_error_that_names_it) {
  spill(folder / "file", "");
  const auto made = StateFolder{folder / "file/state"}.create();
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find(folder / "file"), std::string::npos);
}

TEST_F(RunFolderOnDisk, runs_are_listed_newest_first_without_foreign_entries) {
  spill(state.runs() + "/.sizes", "");
  fs::create_directory(state.runs() + "/notes");
  EXPECT_EQ(list_runs(state), (std::vector<std::string>{kNew, kMiddle, kOld}));
}

TEST_F(RunFolderOnDisk, no_state_folder_means_no_runs) {
  EXPECT_TRUE(list_runs(StateFolder{folder / "absent"}).empty());
}

TEST_F(RunFolderOnDisk, nothing_named_is_the_newest_run_that_began) {
  EXPECT_EQ(resolve_run(state, "").error().code, ErrorCode::not_found);
  spill(RunFolder{state.run(kMiddle)}.events(), "");
  EXPECT_EQ(*resolve_run(state, ""), kMiddle);
  spill(RunFolder{state.run(kNew)}.events(), "");
  EXPECT_EQ(*resolve_run(state, ""), kNew);
}

TEST_F(RunFolderOnDisk, full_id_and_tail_in_any_case_name_a_run) {
  EXPECT_EQ(*resolve_run(state, kOld), kOld);
  EXPECT_EQ(*resolve_run(state, "AAAA"), kOld);
  EXPECT_EQ(*resolve_run(state, "1bbbb"), kMiddle);
}

TEST_F(RunFolderOnDisk, tail_of_two_runs_is_ambiguous) {
  const auto run = resolve_run(state, "bbbb");
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(run.error().message.find("2 runs"), std::string::npos);
}

TEST_F(RunFolderOnDisk, tail_under_four_characters_is_refused) {
  EXPECT_EQ(resolve_run(state, "bbb").error().code, ErrorCode::invalid_argument);
}

TEST_F(RunFolderOnDisk, unknown_run_is_not_found_and_the_nearest_is_named) {
  const auto run = resolve_run(state, "0000aaab");
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::not_found);
  EXPECT_NE(run.error().message.find("'0000aaaa'"), std::string::npos);
}

TEST_F(RunFolderOnDisk, without_any_run_nothing_is_found) {
  EXPECT_EQ(resolve_run(StateFolder{folder / "absent"}, "").error().code, ErrorCode::not_found);
}

TEST_F(RunFolderOnDisk, lock_is_held_by_one_until_it_is_closed) {
  const std::string path = state.lock_file("database");
  EXPECT_FALSE(is_locked(path));
  {
    const auto held = try_lock_file(path);
    ASSERT_TRUE(held);
    EXPECT_TRUE(is_locked(path));
    EXPECT_EQ(try_lock_file(path).error().code, ErrorCode::conflict);
  }
  EXPECT_FALSE(is_locked(path));
  EXPECT_TRUE(try_lock_file(path));
}

TEST_F(RunFolderOnDisk, looking_at_a_lock_creates_nothing) {
  EXPECT_FALSE(is_locked(folder / "none"));
  EXPECT_FALSE(fs::exists(folder / "none"));
}

TEST_F(RunFolderOnDisk, lock_in_an_absent_folder_is_an_io_error) {
  EXPECT_EQ(try_lock_file(folder / "absent/lock").error().code, ErrorCode::io);
}

}  // namespace
}  // namespace headway
