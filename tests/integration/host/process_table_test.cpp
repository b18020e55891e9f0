// The process table with real processes below this one.
#include "host/process_table.hpp"

#include "support/processes.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <thread>

namespace headway {
namespace {

constexpr const char* kName = "HEADWAY_TABLE_TEST";

bool has(const std::vector<pid_t>& pids, pid_t pid) {
  return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

// As one shell command with a mark in its environment. Never returns -1: the test ends instead.
pid_t start_marked(const char* script, const char* mark) {
  const pid_t pid = fork();
  if (pid == 0) {
    setenv(kName, mark, 1);
    execl("/bin/sh", "sh", "-c", script, nullptr);
    _exit(127);
  }
  return pid;
}

void end(pid_t pid) {
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

TEST(ProcessTable, children_and_descendants_are_found_also_those_of_threads) {
  pid_t child = 0;
  std::thread([&child] { child = start_marked("sleep 1000 & wait", "a"); }).join();
  std::vector<pid_t> below;
  EXPECT_TRUE(eventually([&] {
    below = children_of(child);
    return below.size() == 1;
  }));
  EXPECT_TRUE(has(children_of(getpid()), child));
  EXPECT_FALSE(has(children_of(getpid()), below.at(0)));
  EXPECT_TRUE(has(descendants_of(getpid()), below.at(0)));
  EXPECT_GT(tree_memory_bytes(child), tree_memory_bytes(below.at(0)));
  EXPECT_GT(tree_memory_bytes(below.at(0)), 0);
  end(child);
  kill(below.at(0), SIGKILL);
}

TEST(ProcessTable, scan_of_all_processes_finds_the_same) {
  const pid_t child = start_marked("(sleep 1000; :) & sleep 1000; :", "scan");
  EXPECT_TRUE(eventually([&] { return descendants_of(child).size() == 3; }));
  auto listed = descendants_of(child);
  auto scanned = descendants_by_scan(child);
  std::sort(listed.begin(), listed.end());
  std::sort(scanned.begin(), scanned.end());
  EXPECT_EQ(scanned, listed);
  kill_marked("HEADWAY_TABLE_TEST=scan");
  waitpid(child, nullptr, 0);
}

TEST(ProcessTable, gone_process_has_nothing) {
  const pid_t child = start_marked("exit", "a");
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(children_of(child).empty());
  EXPECT_EQ(tree_memory_bytes(child), 0);
  EXPECT_FALSE(process_stat(child));
}

TEST(ProcessTable, environment_entry_must_match_whole) {
  const pid_t one = start_marked("exec sleep 1000", "mark");
  const pid_t longer = start_marked("exec sleep 1000", "mark2");
  EXPECT_TRUE(eventually([] {
    return processes_with_environment("HEADWAY_TABLE_TEST=mark").size() == 1 &&
           processes_with_environment("HEADWAY_TABLE_TEST=mark2").size() == 1;
  }));
  EXPECT_EQ(processes_with_environment("HEADWAY_TABLE_TEST=mark"), std::vector<pid_t>{one});
  EXPECT_TRUE(processes_with_environment("ADWAY_TABLE_TEST=mark").empty());
  EXPECT_TRUE(processes_with_environment("HEADWAY_TABLE_TEST").empty());
  end(one);
  end(longer);
}

TEST(ProcessTable, kill_marked_ends_what_has_left_its_session) {
  const pid_t child = start_marked("trap '' TERM; setsid sleep 1000 & setsid sleep 1000", "kill");
  const std::string entry = "HEADWAY_TABLE_TEST=kill";
  EXPECT_TRUE(eventually([&] { return processes_with_environment(entry).size() == 3; }));
  EXPECT_GE(kill_marked(entry), 3);
  EXPECT_TRUE(processes_with_environment(entry).empty());
  waitpid(child, nullptr, 0);
}

TEST(ProcessTable, kill_descendants_ends_daemons_and_what_they_start_meanwhile) {
  const pid_t reaper = fork();
  if (reaper == 0) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    start_marked("trap '' TERM; (setsid sh -c 'while :; do sleep 0.001 & done' &); sleep 1000",
                 "tree");
    const bool is_up = eventually([] { return descendants_of(getpid()).size() >= 3; });
    const int killed = kill_descendants();
    const bool has_none = waitpid(-1, nullptr, WNOHANG) == -1;
    _exit((is_up ? 0 : 1) + (killed >= 2 ? 0 : 2) + (has_none ? 0 : 4));
  }
  int status = 1;
  waitpid(reaper, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(processes_with_environment("HEADWAY_TABLE_TEST=tree").empty());
}

TEST(ProcessTable, what_may_stay_in_the_background_is_spared_and_not_waited_for) {
  const pid_t reaper = fork();
  if (reaper == 0) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const pid_t kept = start_marked("HEADWAY_KEEP_BACKGROUND=1 exec sleep 1000", "kept");
    const pid_t other = start_marked("exec sleep 1000", "other");
    const bool is_up = eventually(
        [&] { return processes_with_environment(kKeepBackground) == std::vector<pid_t>{kept}; });
    const int killed = kill_descendants();
    const int marked = kill_marked("HEADWAY_TABLE_TEST=kept");
    const bool is_right = kill(kept, 0) == 0 && kill(other, 0) != 0;
    kill(kept, SIGKILL);
    _exit((is_up ? 0 : 1) + (killed == 1 ? 0 : 2) + (is_right ? 0 : 4) + (marked == 0 ? 0 : 8));
  }
  int status = 1;
  waitpid(reaper, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(ProcessTable, without_children_nothing_is_killed) {
  EXPECT_EQ(kill_descendants(), 0);
}

}  // namespace
}  // namespace headway
