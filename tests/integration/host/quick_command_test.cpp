// Short commands with a deadline: real ones, among them some that hang.
#include "host/quick_command.hpp"

#include "host/deadline.hpp"
#include "host/process_table.hpp"
#include "support/processes.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

namespace headway {
namespace {

using namespace std::chrono_literals;

QuickCommand shell(const std::string& script, Nanos patience = 20s) {
  QuickCommand command;
  command.argv = {"/bin/sh", "-c", script};
  command.environment = {"PATH=/usr/bin:/bin", "MARK=" + std::to_string(::getpid())};
  command.patience = patience;
  return command;
}

TEST(QuickCommand, output_and_errors_and_exit_code_come_back) {
  const QuickAnswer answer = run_quick_command(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(answer.output, "out\nerr\n");
  EXPECT_EQ(answer.exit_code, 3);
  EXPECT_FALSE(answer.is_late || answer.is_good());
}

TEST(QuickCommand, environment_and_folder_are_those_given) {
  QuickCommand command = shell("echo $A; pwd");
  command.environment.emplace_back("A=b");
  EXPECT_EQ(run_quick_command(command).output, "b\n/\n");
}

TEST(QuickCommand, input_is_read_whole_and_is_empty_otherwise) {
  QuickCommand command = shell("wc -c; cat /proc/self/cmdline | tr '\\0' ' ' | grep -c secret");
  command.input = std::string(200'000, 'x') + "secret";
  EXPECT_EQ(run_quick_command(command).output, "200006\n0\n");
  command.input.clear();
  EXPECT_EQ(run_quick_command(command).output, "0\n0\n");
}

TEST(QuickCommand, a_program_that_cannot_be_started_is_no_answer) {
  QuickCommand command;
  command.argv = {"/does/not/exist"};
  EXPECT_FALSE(run_quick_command(command).is_good());
  command.argv = {};
  EXPECT_FALSE(run_quick_command(command).is_good());
}

TEST(QuickCommand, one_that_hangs_is_killed_with_all_it_started) {
  QuickCommand command = shell("echo half; sleep 1000 & sleep 1000", 100ms);
  command.environment.emplace_back("HEADWAY_QUICK_TEST=" + std::to_string(::getpid()));
  const QuickAnswer answer = run_quick_command(command);
  EXPECT_TRUE(answer.is_late);
  EXPECT_EQ(answer.output, "half\n");
  const std::string mark = command.environment.back();
  for (int tries = 0; tries < 500 && !processes_with_environment(mark).empty(); ++tries) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(processes_with_environment(mark).empty());
}

TEST(QuickCommand, what_it_left_in_the_background_is_not_waited_for) {
  const QuickAnswer answer = run_quick_command(shell("sleep 1000 & echo done"));
  EXPECT_TRUE(answer.is_good());
  EXPECT_EQ(answer.output, "done\n");
}

TEST(QuickCommand, much_output_is_bounded) {
  QuickCommand command = shell("head -c 1000000 /dev/zero");
  const QuickAnswer answer = run_quick_command(command);
  EXPECT_TRUE(answer.is_good());
  EXPECT_EQ(answer.output.size(), command.most_output);
  EXPECT_TRUE(answer.is_cut);
  command.most_output = 1'000'000;
  const QuickAnswer whole = run_quick_command(command);
  EXPECT_EQ(whole.output.size(), 1'000'000U);
  EXPECT_FALSE(whole.is_cut);
}

// Bug: one that prints faster than is read kept its caller for ever, past deadline and stop.
TEST(QuickCommand, who_never_stops_printing_is_ended_at_the_deadline) {
  EXPECT_TRUE(run_quick_command(shell("exec yes", 100ms)).is_late);
  const std::atomic<bool> stop{true};
  QuickCommand command = shell("exec yes");
  command.stop = &stop;
  EXPECT_TRUE(run_quick_command(command).is_late);
}

TEST(QuickCommand, who_prints_on_in_the_background_is_not_waited_for) {
  const QuickAnswer answer = run_quick_command(shell("yes & echo started"));
  EXPECT_TRUE(answer.is_good());
}

TEST(Deadline, what_hangs_is_left_behind) {
  auto release = std::make_shared<std::promise<void>>();
  std::vector<std::function<void()>> work;
  work.emplace_back([gate = release->get_future().share(), release] { gate.wait(); });
  work.emplace_back([] {});
  const auto is_done = do_by_deadline(std::move(work), 200ms);
  EXPECT_FALSE(is_done[0]);
  EXPECT_TRUE(is_done[1]);
  release->set_value();
}

TEST(Deadline, what_is_made_in_time_is_given) {
  EXPECT_EQ(made_by_deadline<int>([] { return 7; }, 20s), 7);
  EXPECT_TRUE(do_by_deadline({}, 0s).empty());
}

}  // namespace
}  // namespace headway
