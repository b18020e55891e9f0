// Reading runs back from their folders.
#include "record/run_reader.hpp"

#include "base/files.hpp"
#include "support/recorded_run.hpp"
#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include <thread>

namespace headway {
namespace {

using namespace std::chrono_literals;

constexpr const char* kOld = "019aabcd-0000-7000-8000-00000000aaaa";
constexpr const char* kNew = "019aabcd-0001-7000-8000-00000001bbbb";

RunScript half_a_run(const char* id = kNew) {
  RunScript script(id);
  script.start_run({planned("build", 0), planned("test", 1, {0})});
  return script.at(1s).start(0).at(3s).add(StageOutputAt{0, 77});
}

RunScript green_run(const char* id = kNew) {
  return half_a_run(id).complete(0, 2s).start(1).at(4s).complete(1, 1s).finish_run(
      RunStatus::completed, 0);
}

class RunReader : public ::testing::Test {
 protected:
  TempFolder folder;
  StateFolder state{folder / ".headway"};
};

TEST_F(RunReader, finished_run_reads_as_it_ended) {
  const auto run = read_run(recorded_run(state, green_run()));
  ASSERT_TRUE(run);
  EXPECT_EQ(run->status, RunStatus::completed);
  EXPECT_EQ(run->run_id, kNew);
  EXPECT_EQ(run->stages[1].duration, Nanos(1s));
}

TEST_F(RunReader, unfinished_run_with_a_free_lock_is_interrupted) {
  const auto run = read_run(recorded_run(state, half_a_run()));
  ASSERT_TRUE(run);
  EXPECT_EQ(run->status, RunStatus::interrupted);
  EXPECT_EQ(run->stages[0].status, StageStatus::interrupted);
  EXPECT_EQ(run->stages[1].status, StageStatus::pending);
}

TEST_F(RunReader, unfinished_run_whose_lock_is_held_is_running) {
  const RunFolder files = recorded_run(state, half_a_run());
  const auto lock = try_lock_file(files.lock());
  const auto run = read_run(files);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->status, RunStatus::running);
  EXPECT_EQ(run->stages[0].status, StageStatus::running);
}

TEST_F(RunReader, run_without_a_lock_file_is_read_and_gets_none) {
  const RunFolder files = recorded_run(state, half_a_run());
  std::filesystem::remove(files.lock());
  EXPECT_EQ(read_run(files)->status, RunStatus::interrupted);
  EXPECT_FALSE(path_exists(files.lock()));
}

TEST_F(RunReader, run_that_died_before_its_first_event_is_interrupted_and_has_its_id) {
  const RunFolder files = recorded_run(state, RunScript(kNew));
  const auto run = read_run(files);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->status, RunStatus::interrupted);
  EXPECT_EQ(run->run_id, kNew);
}

TEST_F(RunReader, run_that_has_its_lock_but_no_event_yet_is_running) {
  const RunFolder files = recorded_run(state, RunScript(kNew));
  const auto lock = try_lock_file(files.lock());
  EXPECT_EQ(read_run(files)->status, RunStatus::running);
}

TEST_F(RunReader, folder_without_events_is_not_found) {
  EXPECT_EQ(read_run(RunFolder{folder / "absent"}).error().code, ErrorCode::not_found);
  EXPECT_EQ(rebuild_run(RunFolder{folder / "absent"}).error().code, ErrorCode::not_found);
}

TEST_F(RunReader, rebuilt_status_is_that_of_the_events) {
  const RunFolder files = recorded_run(state, green_run());
  spill(files.status(), "damaged");
  ASSERT_TRUE(rebuild_run(files));
  EXPECT_EQ(slurp(files.status()), status_document(*read_run(files), SecretSet()));
}

TEST_F(RunReader, rebuilt_status_of_a_dead_run_is_interrupted) {
  const RunFolder files = recorded_run(state, half_a_run());
  ASSERT_TRUE(rebuild_run(files));
  EXPECT_NE(slurp(files.status()).find("\"INTERRUPTED\""), std::string::npos);
}

TEST_F(RunReader, status_of_a_run_that_is_alive_is_not_rebuilt) {
  const RunFolder files = recorded_run(state, half_a_run());
  const auto lock = try_lock_file(files.lock());
  EXPECT_EQ(rebuild_run(files).error().code, ErrorCode::conflict);
  EXPECT_FALSE(path_exists(files.status()));
}

// Bug: another command that looked at the same run for a moment made it "still going on".
TEST_F(RunReader, status_is_rebuilt_though_another_reader_looks_at_the_run) {
  const RunFolder files = recorded_run(state, green_run());
  const UniqueFd reader(::open(files.lock().c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::flock(reader.get(), LOCK_SH), 0);
  std::thread looks([&] {
    std::this_thread::sleep_for(5ms);
    ::flock(reader.get(), LOCK_UN);
  });
  EXPECT_TRUE(rebuild_run(files));
  looks.join();
}

TEST_F(RunReader, dead_runs_are_those_that_never_finished_and_hold_no_lock) {
  recorded_run(state, half_a_run(kOld));
  recorded_run(state, green_run(kNew));
  const char* const alive = "019aabcd-0002-7000-8000-00000002cccc";
  const RunFolder living = recorded_run(state, half_a_run(alive));
  const auto lock = try_lock_file(living.lock());
  EXPECT_EQ(dead_runs(state), (std::vector<std::string>{kOld}));
}

TEST_F(RunReader, folder_that_has_no_events_yet_is_no_dead_run) {
  ASSERT_TRUE(state.create());
  ASSERT_TRUE(RunFolder{state.run(kNew)}.create());
  EXPECT_TRUE(dead_runs(state).empty());
}

TEST_F(RunReader, dead_runs_looks_at_the_newest_alone) {
  recorded_run(state, half_a_run(kOld));
  recorded_run(state, green_run(kNew));
  EXPECT_TRUE(dead_runs(state, 1).empty());
}

}  // namespace
}  // namespace headway
