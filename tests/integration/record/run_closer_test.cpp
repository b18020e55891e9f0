// Closing the records of runs whose process died.
#include "record/run_closer.hpp"

#include "record/run_reader.hpp"
#include "support/recorded_run.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

namespace headway {
namespace {

using namespace std::chrono_literals;

constexpr const char* kReason = "headway was killed (SIGKILL)";

RunScript half_a_run() {
  RunScript script;
  script.start_run({planned("lint", 0), planned("build", 1), planned("test", 2, {0, 1})});
  script.at(1s).start(0).start(1).at(2s).complete(0, 1s).at(4s);
  return script.add(StageOutputAt{1, 77});
}

void append_to(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

class RunCloser : public ::testing::Test {
 protected:
  bool close(const RunFolder& files) {
    const auto closed = close_interrupted_run(files, kReason);
    EXPECT_TRUE(closed) << closed.error().message;
    return closed && *closed;
  }

  // As a reader without any knowledge of locks sees it.
  RunState events_of(const RunFolder& files) {
    RunState run;
    EXPECT_TRUE(for_each_event(files.events(), [&run](const RunEvent& event) {
      run.apply(event);
      return true;
    }));
    return run;
  }

  TempFolder folder;
  StateFolder state{folder / ".headway"};
};

TEST_F(RunCloser, what_ran_is_interrupted_and_the_rest_stays) {
  const RunFolder files = recorded_run(state, half_a_run());
  EXPECT_TRUE(close(files));
  const RunState run = events_of(files);
  EXPECT_EQ(run.status, RunStatus::interrupted);
  EXPECT_EQ(run.exit_code, kInterruptedExitCode);
  EXPECT_EQ(run.reason, kReason);
  EXPECT_EQ(run.stages[0].status, StageStatus::completed);
  EXPECT_EQ(run.stages[1].status, StageStatus::interrupted);
  EXPECT_EQ(run.stages[1].reason, kReason);
  EXPECT_EQ(run.stages[1].duration, Nanos(3s));
  EXPECT_EQ(run.stages[1].output_bytes, 77);
  EXPECT_FALSE(run.stages[1].has_exit_code);
  EXPECT_EQ(run.stages[2].status, StageStatus::pending);
}

TEST_F(RunCloser, closing_events_go_on_counting) {
  const RunFolder files = recorded_run(state, half_a_run());
  EXPECT_TRUE(close(files));
  const auto read = read_events(files.events());
  ASSERT_TRUE(read);
  for (std::size_t i = 0; i < read->events.size(); ++i) {
    EXPECT_EQ(read->events[i].seq, static_cast<std::int64_t>(i) + 1);
  }
  EXPECT_EQ(read->events.size(), half_a_run().events().size() + 2);
}

TEST_F(RunCloser, status_file_says_interrupted) {
  const RunFolder files = recorded_run(state, half_a_run());
  spill(files.status(), "{\"status\": \"RUNNING\"}");
  EXPECT_TRUE(close(files));
  EXPECT_EQ(slurp(files.status()), status_document(*read_run(files), SecretSet()));
  EXPECT_NE(slurp(files.status()).find("\"INTERRUPTED\""), std::string::npos);
}

TEST_F(RunCloser, torn_tail_is_cut_off_first) {
  for (const std::string& tail : {std::string("{\"format\":1,\"seq\":99"), std::string(64, '\0')}) {
    const RunFolder files = recorded_run(state, half_a_run());
    append_to(files.events(), tail);
    EXPECT_TRUE(close(files));
    const auto read = read_events(files.events());
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->torn);
    EXPECT_EQ(read->bad_lines, 0);
    EXPECT_TRUE(read_last_run_finished(files.events()));
    std::filesystem::remove_all(files.path);
  }
}

TEST_F(RunCloser, second_close_changes_nothing) {
  const RunFolder files = recorded_run(state, half_a_run());
  EXPECT_TRUE(close(files));
  const std::string events = slurp(files.events());
  EXPECT_FALSE(close(files));
  EXPECT_EQ(slurp(files.events()), events);
}

TEST_F(RunCloser, close_that_died_in_the_middle_is_gone_on_with) {
  const RunFolder files = recorded_run(state, half_a_run());
  EXPECT_TRUE(close(files));
  const std::string closed = slurp(files.events());
  for (std::size_t size = closed.size() - 1; size > closed.size() - 400; size -= 3) {
    std::filesystem::resize_file(files.events(), size);
    ASSERT_TRUE(close(files)) << "cut off at " << size;
    ASSERT_EQ(events_of(files).stages[1].status, StageStatus::interrupted);
    ASSERT_EQ(slurp(files.events()), closed) << "cut off at " << size;
  }
}

TEST_F(RunCloser, run_that_is_alive_is_left_alone) {
  const RunFolder files = recorded_run(state, half_a_run());
  const std::string events = slurp(files.events());
  const auto lock = try_lock_file(files.lock());
  EXPECT_FALSE(close(files));
  EXPECT_EQ(slurp(files.events()), events);
  EXPECT_FALSE(std::filesystem::exists(files.status()));
}

TEST_F(RunCloser, run_that_ended_keeps_its_end_but_gets_the_status_it_missed) {
  const RunFolder files =
      recorded_run(state, half_a_run().fail(1, 3s, 2).finish_run(RunStatus::failed, 1));
  const std::string events = slurp(files.events());
  spill(files.status(), "{\"status\": \"RUNNING\"}");
  EXPECT_FALSE(close(files));
  EXPECT_EQ(slurp(files.events()), events);
  EXPECT_NE(slurp(files.status()).find("\"FAILED\""), std::string::npos);
}

TEST_F(RunCloser, folder_without_events_is_left_alone) {
  EXPECT_FALSE(close(RunFolder{folder / "absent"}));
  EXPECT_FALSE(std::filesystem::exists(folder / "absent"));
}

TEST_F(RunCloser, run_that_died_before_its_first_event_is_closed_under_its_id) {
  const RunFolder files = recorded_run(state, RunScript());
  EXPECT_TRUE(close(files));
  const RunState run = events_of(files);
  EXPECT_EQ(run.status, RunStatus::interrupted);
  EXPECT_EQ(run.run_id, files.id());
}

TEST_F(RunCloser, of_many_closers_at_once_one_closes) {
  const RunFolder files = recorded_run(state, half_a_run());
  std::atomic<int> closed = 0;
  std::vector<std::thread> closers;
  for (int i = 0; i < 8; ++i) {
    closers.emplace_back([&] { closed += close(files) ? 1 : 0; });
  }
  for (std::thread& closer : closers) {
    closer.join();
  }
  EXPECT_EQ(closed, 1);
  EXPECT_EQ(read_events(files.events())->events.size(), half_a_run().events().size() + 2);
}

TEST_F(RunCloser, readers_at_the_same_time_do_not_keep_it_from_closing) {
  const RunFolder files = recorded_run(state, half_a_run());
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop) {
      static_cast<void>(is_locked(files.lock()));
    }
  });
  EXPECT_TRUE(close(files));
  stop = true;
  reader.join();
}

}  // namespace
}  // namespace headway
