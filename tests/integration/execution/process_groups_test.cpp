// Attempts in control groups of their own, where this machine lets us have some: below the group
// that the test is in, and gone after it.
#include "execution/process_backend.hpp"
#include "support/processes.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

namespace headway {
namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;

std::string python(const std::string& text) {
  return "/usr/bin/python3 -I -S -c '" + text + "'";
}

class ProcessGroupsTest : public testing::Test {
 protected:
  void SetUp() override {
    groups = RunCgroup::create({"", "test", getpid(), 0, 0});
    if (groups == nullptr) {
      GTEST_SKIP() << "no control group can be made here";
    }
    ProcessBackendOptions options;
    options.groups = groups.get();
    options.sample_interval = std::chrono::milliseconds(10);
    auto made = ProcessBackend::create(std::move(options), clock);
    ASSERT_TRUE(made) << made.error().message;
    backend = *std::move(made);
  }
  void TearDown() override {
    backend.reset();
    groups.reset();
    const std::string mark = "headway-test." + std::to_string(getpid());
    for (const CgroupPlace& place : cgroup_places("", getpid())) {
      EXPECT_FALSE(std::filesystem::exists(place.folder + "/" + mark)) << place.folder;
    }
  }

  pid_t start(const std::string& script, std::int64_t limit_bytes = 0) {
    Launch launch{0, 1, {"/bin/sh", "-c", script}, folder.path(), nullptr, folder / "log"};
    launch.group_limit_bytes = limit_bytes;
    const auto pid = backend->start(launch);
    EXPECT_TRUE(pid);
    return pid ? *pid : 0;
  }
  Exit end() {
    const Nanos until = clock.monotonic() + kTestPatience;
    while (exits.empty() && clock.monotonic() < until) {
      backend->wait(until, exits, wakeups);
    }
    EXPECT_FALSE(exits.empty()) << "nothing ended";
    return exits.empty() ? Exit{} : exits.front();
  }
  pid_t written_pid(const std::string& name) {
    EXPECT_TRUE(eventually([&] { return !slurp(folder / name).empty(); }));
    return static_cast<pid_t>(std::stoi("0" + slurp(folder / name)));
  }
  // A process outside of the attempt's process group and session.
  static std::string stray(const std::string& name) {
    return "setsid sh -c 'echo $$ > " + name + "; exec sleep 1000' & ";
  }
  bool needs_memory() const { return !groups->has_memory(); }
  static bool has_unified(const char* file) {
    const auto places = cgroup_places("", getpid());
    const auto at = std::find_if(
        places.begin(), places.end(), [](const CgroupPlace& place) { return place.is_v2; });
    // (the root of a hierarchy has none of these files itself)
    const std::string group =
        at == places.end() ? "" : at->folder + "/headway-look." + std::to_string(getpid());
    std::error_code error;
    const bool made = !group.empty() && std::filesystem::create_directory(group, error);
    const bool found = made && access((group + "/" + file).c_str(), W_OK) == 0;
    if (made) {
      rmdir(group.c_str());
    }
    return found;
  }

  SystemClock clock;
  TempFolder folder;
  std::unique_ptr<RunCgroup> groups;
  std::unique_ptr<ProcessBackend> backend;
  std::vector<Exit> exits;
  std::vector<Wakeup> wakeups;
};

TEST_F(ProcessGroupsTest, child_is_in_its_group_before_its_program_runs) {
  start("cat /proc/self/cgroup");
  EXPECT_EQ(end().exit_code, 0);
  EXPECT_NE(slurp(folder / "log").find("headway-test." + std::to_string(getpid()) + "/1\n"),
            std::string::npos);
}

TEST_F(ProcessGroupsTest, peak_is_that_of_all_processes_and_not_of_what_they_read) {
  if (needs_memory()) {
    GTEST_SKIP() << "no memory controller here";
  }
  const std::string hold = python("import time; x = b\"1\" * (50 << 20); time.sleep(0.3)");
  start("dd if=/dev/zero of=file bs=1M count=80 2>/dev/null; " + hold + " & " + hold + " & wait");
  const Exit exit = end();
  EXPECT_EQ(exit.exit_code, 0);
  EXPECT_EQ(exit.peak_memory_source, "cgroup");
  EXPECT_GT(exit.peak_memory_bytes, 100 * kMiB);
  EXPECT_LT(exit.peak_memory_bytes, 160 * kMiB);
  EXPECT_EQ(exit.oom_kills, 0);
}

TEST_F(ProcessGroupsTest, limit_kills_what_runs_away_and_the_kernel_tells_it) {
  if (needs_memory()) {
    GTEST_SKIP() << "no memory controller here";
  }
  // The shell lives on: its code 3 alone would not tell.
  start(python("x = b\"1\" * (400 << 20)") + " || exit 3", 64 * kMiB);
  const Exit exit = end();
  EXPECT_EQ(exit.exit_code, 3);
  EXPECT_EQ(exit.oom_kills, 1);
  EXPECT_GT(exit.peak_memory_bytes, 32 * kMiB);
}

TEST_F(ProcessGroupsTest, file_cache_beyond_the_limit_kills_nothing) {
  if (needs_memory()) {
    GTEST_SKIP() << "no memory controller here";
  }
  start("dd if=/dev/zero of=file bs=1M count=120 2>/dev/null && cat file > /dev/null", 64 * kMiB);
  const Exit exit = end();
  EXPECT_EQ(exit.exit_code, 0);
  EXPECT_EQ(exit.oom_kills, 0);
}

TEST_F(ProcessGroupsTest, cpu_time_of_what_was_never_waited_for_counts) {
  if (!has_unified("cpu.stat")) {
    GTEST_SKIP() << "no v2 groups here";
  }
  start("setsid " +
        python("import time\nwhile time.process_time() < 0.2: pass\nopen(\"done\", "
               "\"w\").write(\"1\")") +
        " & while ! test -s done; do sleep 0.01; done");
  EXPECT_GE(end().cpu, std::chrono::milliseconds(200));
}

// Bug: a process that had made a session of its own ran on while its stage stood still.
TEST_F(ProcessGroupsTest, stop_reaches_a_session_of_its_own) {
  if (!has_unified("cgroup.freeze")) {
    GTEST_SKIP() << "no v2 groups that can stand still here";
  }
  start(
      "setsid sh -c 'while :; do echo >> ticks; sleep 0.005; done' & while :; do echo >> own; "
      "sleep 0.005; done");
  ASSERT_TRUE(eventually(
      [&] { return !slurp(folder / "ticks").empty() && !slurp(folder / "own").empty(); }));
  backend->stop(0);
  std::size_t before = 0;
  // Standing still takes effect soon, not at once: until two looks 100 ms apart are alike.
  ASSERT_TRUE(eventually([&] {
    before = slurp(folder / "ticks").size() + slurp(folder / "own").size();
    usleep(100'000);
    return slurp(folder / "ticks").size() + slurp(folder / "own").size() == before;
  }));
  backend->go_on(0);
  EXPECT_TRUE(eventually(
      [&] { return slurp(folder / "ticks").size() + slurp(folder / "own").size() > before + 4; }));
  backend->kill(0);
  EXPECT_LT(end().duration, clock.monotonic());
}

TEST_F(ProcessGroupsTest, what_stands_still_can_be_told_to_end) {
  start("sleep 1000");
  backend->stop(0);
  backend->terminate(0);
  EXPECT_EQ(end().signal, SIGTERM);
}

TEST_F(ProcessGroupsTest, kill_reaches_a_session_of_its_own_even_standing_still) {
  if (!has_unified("cgroup.kill")) {
    GTEST_SKIP() << "no v2 groups that can be killed here";
  }
  start(stray("stray") + "wait");
  const pid_t pid = written_pid("stray");
  backend->stop(0);
  backend->kill(0);
  EXPECT_EQ(end().signal, SIGKILL);
  EXPECT_TRUE(eventually([&] { return !is_running(pid); }));
}

TEST_F(ProcessGroupsTest, attempt_that_wants_no_group_has_none) {
  Launch launch{0, 1, {"cat", "/proc/self/cgroup"}, folder.path(), nullptr, folder / "log"};
  ASSERT_TRUE(backend->start(launch));
  const Exit exit = end();
  EXPECT_FALSE(exit.oom_kills);
  EXPECT_EQ(slurp(folder / "log").find("headway-test"), std::string::npos);
}

}  // namespace
}  // namespace headway
