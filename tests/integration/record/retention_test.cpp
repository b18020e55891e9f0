// Which runs retention removes, and which it never does.
#include "record/retention.hpp"

#include "base/uuid.hpp"
#include "support/recorded_run.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace headway {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const WallTime kNow = WallTime(std::chrono::seconds(1795345200));

class Retention : public ::testing::Test {
 protected:
  // The id of a recorded run that began `age` ago.
  std::string add_run(std::chrono::hours age, RunStatus status) {
    const std::string id = uuid_v7(kNow - age, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    RunScript script(id);
    script.start_run({planned("build", 0)}).start(0);
    if (status != RunStatus::running) {
      script.at(1s).complete(0, 1s).finish_run(status, status == RunStatus::completed ? 0 : 1);
    }
    recorded_run(state, script);
    return id;
  }

  void give_log(const std::string& run, std::size_t bytes) {
    spill(RunFolder{state.run(run)}.stage_log("build", 1), std::string(bytes, 'x'));
  }

  using Runs = std::vector<std::string>;

  TempFolder folder;
  StateFolder state{folder / ".headway"};
};

TEST_F(Retention, runs_within_the_bounds_stay) {
  add_run(2h, RunStatus::failed);
  add_run(1h, RunStatus::completed);
  EXPECT_EQ(apply_retention(state, {}, kNow), 0);
  EXPECT_EQ(list_runs(state).size(), 2U);
}

TEST_F(Retention, of_too_many_runs_the_oldest_go) {
  add_run(4h, RunStatus::failed);
  add_run(3h, RunStatus::failed);
  const std::string second = add_run(2h, RunStatus::failed);
  const std::string newest = add_run(1h, RunStatus::failed);
  EXPECT_EQ(apply_retention(state, {.max_runs = 2}, kNow), 2);
  EXPECT_EQ(list_runs(state), (Runs{newest, second}));
}

TEST_F(Retention, newest_green_run_stays_whatever_the_bounds) {
  add_run(9h, RunStatus::completed);
  const std::string green = add_run(5h, RunStatus::completed);
  add_run(4h, RunStatus::failed);
  const std::string newest = add_run(1h, RunStatus::failed);
  const RetentionPolicy nothing{.max_runs = 0, .max_bytes = 0, .max_age = 0h};
  EXPECT_EQ(apply_retention(state, nothing, kNow), 2);
  EXPECT_EQ(list_runs(state), (Runs{newest, green}));
}

TEST_F(Retention, run_that_is_alive_stays_whatever_the_bounds) {
  const std::string alive = add_run(5h, RunStatus::running);
  add_run(4h, RunStatus::failed);
  const std::string newest = add_run(1h, RunStatus::failed);
  const auto lock = try_lock_file(RunFolder{state.run(alive)}.lock());
  EXPECT_EQ(apply_retention(state, {.max_runs = 1}, kNow), 1);
  EXPECT_EQ(list_runs(state), (Runs{newest, alive}));
}

TEST_F(Retention, run_beyond_the_age_goes) {
  add_run(24h * 91, RunStatus::failed);
  const std::string young = add_run(24h * 89, RunStatus::failed);
  const std::string newest = add_run(1h, RunStatus::failed);
  EXPECT_EQ(apply_retention(state, {}, kNow), 1);
  EXPECT_EQ(list_runs(state), (Runs{newest, young}));
}

TEST_F(Retention, runs_from_the_future_are_not_old) {
  add_run(-48h, RunStatus::failed);
  add_run(-24h, RunStatus::failed);
  EXPECT_EQ(apply_retention(state, {}, kNow), 0);
}

TEST_F(Retention, logs_beyond_the_bytes_take_the_oldest_runs_along) {
  const std::string old_run = add_run(3h, RunStatus::failed);
  const std::string large = add_run(2h, RunStatus::failed);
  const std::string newest = add_run(1h, RunStatus::failed);
  give_log(large, 100'000);
  EXPECT_EQ(apply_retention(state, {.max_bytes = 50'000}, kNow), 2);
  EXPECT_EQ(list_runs(state), (Runs{newest}));
  EXPECT_FALSE(fs::exists(state.run(old_run)));
}

TEST_F(Retention, newest_run_stays_even_if_it_alone_is_too_large) {
  const std::string newest = add_run(1h, RunStatus::failed);
  give_log(newest, 100'000);
  EXPECT_EQ(apply_retention(state, {.max_bytes = 50'000}, kNow), 0);
  EXPECT_EQ(list_runs(state), (Runs{newest}));
}

TEST_F(Retention, size_that_was_measured_once_is_remembered) {
  const std::string large = add_run(2h, RunStatus::failed);
  add_run(1h, RunStatus::failed);
  give_log(large, 100'000);
  EXPECT_EQ(apply_retention(state, {}, kNow), 0);
  fs::remove(RunFolder{state.run(large)}.stage_log("build", 1));
  EXPECT_EQ(apply_retention(state, {.max_bytes = 50'000}, kNow), 1);
}

TEST_F(Retention, size_of_a_run_that_grows_still_is_not_remembered) {
  const std::string alive = add_run(2h, RunStatus::running);
  const std::string begun = uuid_v7(kNow, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
  ASSERT_TRUE(RunFolder{state.run(begun)}.create());
  const auto lock = try_lock_file(RunFolder{state.run(alive)}.lock());
  EXPECT_EQ(apply_retention(state, {}, kNow), 0);
  EXPECT_EQ(slurp(state.runs() + "/.sizes"), "");
}

TEST_F(Retention, damaged_sizes_are_measured_again) {
  add_run(2h, RunStatus::failed);
  add_run(1h, RunStatus::failed);
  spill(state.runs() + "/.sizes", "garbage\n\n019aabcd \n" + list_runs(state).back() + " x\n");
  EXPECT_EQ(apply_retention(state, {}, kNow), 0);
  const std::string sizes = slurp(state.runs() + "/.sizes");
  EXPECT_EQ(std::count(sizes.begin(), sizes.end(), '\n'), 2);
  EXPECT_EQ(sizes.find("garbage"), std::string::npos);
}

TEST_F(Retention, what_a_removal_that_was_cut_off_left_is_removed) {
  add_run(1h, RunStatus::completed);
  fs::create_directories(state.runs() + "/.removing-x/stages");
  EXPECT_EQ(apply_retention(state, {}, kNow), 0);
  EXPECT_FALSE(fs::exists(state.runs() + "/.removing-x"));
}

TEST_F(Retention, without_a_state_folder_there_is_nothing_to_do) {
  EXPECT_EQ(apply_retention(StateFolder{folder / "absent"}, {}, kNow), 0);
  EXPECT_FALSE(fs::exists(folder / "absent"));
}

}  // namespace
}  // namespace headway
