// run_watched() with real processes: whichever of the two dies, nothing below them lives on.
#include "execution/watcher.hpp"

#include "execution/process_backend.hpp"
#include "host/process_table.hpp"
#include "support/processes.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

namespace headway {
namespace {

// Every test runs run_watched() in a process of its own, marked in its environment, so that the
// test can see what is left of it.
class WatcherTest : public testing::Test {
 protected:
  WatcherTest() : mark_("HEADWAY_WATCHER_TEST=" + folder.path()) {}
  ~WatcherTest() override { kill_marked(mark_); }

  using Work = std::function<int(WatcherLink)>;

  // Starts the watcher; its exit code is that of run_watched(), 99 if it does not return.
  void start(const Work& work) {
    watcher = fork();
    ASSERT_GE(watcher, 0);
    if (watcher == 0) {
      setsid();
      const int code = run_watched(work, [this](const std::string& run_folder, int signal) {
        const auto left = descendants_of(getpid()).size();
        spill(folder / "death",
              run_folder + " " + std::to_string(signal) + " " + std::to_string(left) + "\n");
      });
      _exit(code);
    }
  }

  // Waits for the watcher; its exit code, or -signal.
  int watcher_end() {
    int status = 0;
    pid_t ended = 0;
    EXPECT_TRUE(eventually([&] {
      ended = waitpid(watcher, &status, WNOHANG);
      return ended == watcher;
    })) << "the watcher does not end";
    if (ended != watcher && watcher > 1) {
      ::kill(watcher, SIGKILL);
      waitpid(watcher, &status, 0);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  // A worker with a stage that daemonises stubborn grandchildren; it waits until told to stop, as
  // the orchestrator does, and writes what it was told to the file "told".
  Work stubborn_work() {
    return [this](WatcherLink link) {
      link.announce("/runs/1");
      const SystemClock clock;
      ProcessBackendOptions options;
      options.own_process = true;
      auto backend = ProcessBackend::create(std::move(options), clock);
      const std::vector<std::string> environment{"PATH=/usr/bin:/bin", mark_};
      const std::string script =
          "trap '' TERM HUP INT; setsid sh -c 'trap \"\" TERM HUP INT; (sleep 1000 & sleep 1000 & "
          "wait) & echo up > up1; wait' & (setsid sleep 1000 &) ; echo up > up2; wait; sleep 1000";
      if (!(*backend)->start({0, 1, {"/bin/sh", "-c", script}, folder.path(), &environment, ""})) {
        return 1;
      }
      spill(folder / "worker", std::to_string(getpid()) + "\n");
      std::vector<Exit> exits;
      std::vector<Wakeup> wakeups;
      (*backend)->wait(std::nullopt, exits, wakeups);
      spill(folder / "told", std::to_string(wakeups.empty() ? 0 : wakeups[0].signal) + "\n");
      (*backend)->kill_everything();
      return 42;
    };
  }

  pid_t worker_once_up() {
    EXPECT_TRUE(eventually([&] {
      return has_line("up1") && has_line("up2") && has_line("worker") &&
             processes_with_environment(mark_).size() >= 5;
    }));
    return has_line("worker") ? std::stoi(slurp(folder / "worker")) : 0;
  }
  bool has_line(const std::string& name) const {
    return slurp(folder / name).find('\n') != std::string::npos;
  }
  bool nothing_is_left() {
    return eventually([&] { return processes_with_environment(mark_).empty(); });
  }

  TempFolder folder;
  std::string mark_;
  pid_t watcher = 0;
};

TEST_F(WatcherTest, exit_code_of_the_work_comes_back_and_nobody_died) {
  start([](WatcherLink link) {
    link.announce("/runs/1");
    return 7;
  });
  EXPECT_EQ(watcher_end(), 7);
  EXPECT_FALSE(has_line("death"));
}

TEST_F(WatcherTest, killed_worker_leaves_nothing_and_its_record_is_closed) {
  start(stubborn_work());
  const pid_t worker = worker_once_up();
  ASSERT_GT(worker, 0);
  ::kill(worker, SIGKILL);
  EXPECT_EQ(watcher_end(), 128 + SIGKILL);
  EXPECT_EQ(slurp(folder / "death"), "/runs/1 9 0\n");
  EXPECT_TRUE(processes_with_environment(mark_).empty());
}

TEST_F(WatcherTest, killed_watcher_leaves_nothing_and_the_worker_is_told) {
  start(stubborn_work());
  ASSERT_GT(worker_once_up(), 0);
  ASSERT_GT(watcher, 1);
  ::kill(watcher, SIGKILL);
  EXPECT_EQ(watcher_end(), -SIGKILL);
  EXPECT_TRUE(nothing_is_left());
  EXPECT_TRUE(eventually([&] { return has_line("told"); }));
  EXPECT_EQ(slurp(folder / "told"), std::to_string(kWatcherDied) + "\n");
}

TEST_F(WatcherTest, signal_to_the_watcher_alone_reaches_the_worker) {
  start(stubborn_work());
  ASSERT_GT(worker_once_up(), 0);
  ASSERT_GT(watcher, 1);
  ::kill(watcher, SIGTERM);
  EXPECT_EQ(watcher_end(), 42);
  EXPECT_EQ(slurp(folder / "told"), std::to_string(SIGTERM) + "\n");
  EXPECT_TRUE(processes_with_environment(mark_).empty());
}

// A second request means "kill at once": one `kill` of the group must not look like two.
TEST_F(WatcherTest, signal_to_the_whole_group_is_one_request) {
  start([this](WatcherLink) {
    const SystemClock clock;
    ProcessBackendOptions options;
    options.own_process = true;
    auto backend = ProcessBackend::create(std::move(options), clock);
    spill(folder / "worker", std::to_string(getpid()) + "\n");
    std::vector<Exit> exits;
    std::vector<Wakeup> wakeups;
    (*backend)->wait(std::nullopt, exits, wakeups);
    (*backend)->wait(clock.monotonic() + std::chrono::milliseconds(150), exits, wakeups);
    return static_cast<int>(wakeups.size());
  });
  ASSERT_TRUE(eventually([&] { return has_line("worker"); }));
  ::kill(-watcher, SIGINT);
  EXPECT_EQ(watcher_end(), 1);
}

TEST_F(WatcherTest, exit_inside_the_work_counts_as_death) {
  start([](WatcherLink link) -> int {
    link.announce("/runs/1");
    link.announce("/runs/2");
    _exit(0);
  });
  EXPECT_EQ(watcher_end(), 70);
  EXPECT_EQ(slurp(folder / "death"), "/runs/2 0 0\n");
}

TEST_F(WatcherTest, crash_of_the_worker_is_a_fault_of_ours) {
  start([](WatcherLink) -> int {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
    return 0;
  });
  EXPECT_EQ(watcher_end(), 70);
  EXPECT_EQ(slurp(folder / "death"), " 11 0\n");
}

TEST_F(WatcherTest, stray_of_a_worker_that_ended_well_is_killed) {
  start([this](WatcherLink) {
    const std::string script = "trap '' TERM; echo up > up1; exec sleep 1000";
    if (fork() == 0) {
      setenv("HEADWAY_WATCHER_TEST", folder.path().c_str(), 1);
      execl("/bin/sh", "sh", "-c", ("cd " + folder.path() + ";" + script).c_str(), nullptr);
      _exit(127);
    }
    return eventually([this] { return has_line("up1"); }) ? 0 : 1;
  });
  EXPECT_EQ(watcher_end(), 0);
  EXPECT_TRUE(processes_with_environment(mark_).empty());
}

}  // namespace
}  // namespace headway
