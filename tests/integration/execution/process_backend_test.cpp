// ProcessBackend with real processes: starts, ends, output, groups, signals.
#include "execution/process_backend.hpp"

#include "support/processes.hpp"
#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>

namespace headway {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kPatience = kTestPatience;

// Descriptors above the standard three that this process was given and hands on.
int inherited_descriptors() {
  int count = 0;
  for (int fd = 3; fd < 1024; ++fd) {
    const int flags = fcntl(fd, F_GETFD);
    count += flags >= 0 && (flags & FD_CLOEXEC) == 0 ? 1 : 0;
  }
  return count;
}

struct Listener final : OutputListener {
  void on_output(int task, std::string_view bytes) override { heard[task] += bytes; }
  std::map<int, std::string> heard;
};

class ProcessBackendTest : public testing::Test {
 protected:
  void make(ProcessBackendOptions options = {}) {
    options.listener = &listener;
    auto made = ProcessBackend::create(std::move(options), clock);
    ASSERT_TRUE(made) << made.error().message;
    backend = *std::move(made);
  }

  Launch launch(std::vector<std::string> argv, int task = 0) {
    return {task, 1, std::move(argv), folder.path(), &environment, log(task)};
  }
  Launch script(const std::string& text, int task = 0) {
    return launch({"/bin/sh", "-c", text}, task);
  }
  std::string log(int task = 0) const { return folder / ("log" + std::to_string(task)); }

  // The next end of an attempt; fails the test where none comes.
  Exit next_exit() {
    const Nanos end = clock.monotonic() + kPatience;
    while (exits.empty() && clock.monotonic() < end) {
      backend->wait(end, exits, wakeups);
    }
    if (exits.empty()) {
      ADD_FAILURE() << "nothing ended";
      return {};
    }
    Exit exit = exits.front();
    exits.erase(exits.begin());
    return exit;
  }
  Exit run(const Launch& what) {
    const auto pid = backend->start(what);
    EXPECT_TRUE(pid) << pid.error().message;
    return pid ? next_exit() : Exit{};
  }
  // What a script wrote into a file of the folder, once it is there with its newline.
  std::string written(const std::string& name) {
    EXPECT_TRUE(eventually([&] { return slurp(folder / name).find('\n') != std::string::npos; }));
    return slurp(folder / name);
  }
  pid_t written_pid(const std::string& name) { return std::stoi(written(name)); }

  TempFolder folder;
  SystemClock clock;
  Listener listener;
  std::vector<std::string> environment{"PATH=/usr/bin:/bin", "HOME=/root"};
  std::unique_ptr<ProcessBackend> backend;
  std::vector<Exit> exits;
  std::vector<Wakeup> wakeups;
};

TEST_F(ProcessBackendTest, exit_code_output_and_usage_are_reported) {
  make();
  const Exit exit = run(script("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(exit.exit_code, 3);
  EXPECT_EQ(exit.signal, 0);
  EXPECT_FALSE(exit.start_failed);
  EXPECT_GT(exit.duration.count(), 0);
  EXPECT_GT(exit.cpu.count(), 0);
  EXPECT_EQ(slurp(log()), "out\nerr\n");
  EXPECT_EQ(listener.heard[0], "out\nerr\n");
  EXPECT_EQ(exit.output_bytes, 8);
  EXPECT_EQ(exit.lost_bytes, 0);
}

TEST_F(ProcessBackendTest, attempt_that_prints_nothing_has_no_log_file) {
  make();
  EXPECT_EQ(run(launch({"/bin/true"})).exit_code, 0);
  EXPECT_NE(access(log().c_str(), F_OK), 0);
}

TEST_F(ProcessBackendTest, signal_that_ends_it_is_128_more) {
  make();
  const Exit exit = run(script("kill -SEGV $$"));
  EXPECT_EQ(exit.signal, SIGSEGV);
  EXPECT_EQ(exit.exit_code, 128 + SIGSEGV);
}

TEST_F(ProcessBackendTest, large_output_is_kept_whole) {
  make();
  const Exit exit = run(script("head -c 5000000 /dev/zero | tr '\\0' x"));
  EXPECT_EQ(exit.output_bytes, 5000000);
  EXPECT_EQ(slurp(log()), std::string(5000000, 'x'));
}

TEST_F(ProcessBackendTest, secret_in_output_is_masked_in_log_and_listener) {
  ProcessBackendOptions options;
  options.secrets = SecretSet({"hunter2secret"});
  make(std::move(options));
  run(script("printf hunter2; sleep 0.05; printf secret; echo !"));
  EXPECT_EQ(slurp(log()), "***!\n");
  EXPECT_EQ(listener.heard[0], "***!\n");
}

TEST_F(ProcessBackendTest, child_has_group_null_stdin_default_signals_and_directory) {
  const auto old = signal(SIGUSR1, SIG_IGN);
  make();
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR2);
  sigprocmask(SIG_BLOCK, &blocked, &before);
  run(
      script("readlink /proc/self/fd/0; pwd; grep -E 'Sig(Blk|Ign)' /proc/self/status;"
             "ls /proc/self/fd | wc -l; echo $PWD; test $(ps -o pgid= -p $$) = $$ && echo leader"));
  sigprocmask(SIG_SETMASK, &before, nullptr);
  signal(SIGUSR1, old);
  EXPECT_EQ(slurp(log()),
            "/dev/null\n" + folder.path() +
                "\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n" +
                std::to_string(4 + inherited_descriptors()) + "\n" + folder.path() + "\nleader\n");
}

TEST_F(ProcessBackendTest, environment_is_exactly_what_was_given_and_the_directory) {
  make();
  run(launch({"env"}));
  EXPECT_EQ(slurp(log()), "PATH=/usr/bin:/bin\nHOME=/root\nPWD=" + folder.path() + "\n");
}

TEST_F(ProcessBackendTest, program_is_looked_up_in_the_path_of_the_child) {
  make();
  mkdir((folder / "bin").c_str(), 0777);
  environment[0] = "PATH=bin:/usr/bin";
  EXPECT_EQ(backend->start(launch({"my-tool"})).error().code, ErrorCode::not_found);
  spill(folder / "bin/my-tool", "#!/bin/sh\necho mine\n");
  const auto refused = backend->start(launch({"my-tool"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::io);
  EXPECT_NE(refused.error().message.find("not executable"), std::string::npos);
  chmod((folder / "bin/my-tool").c_str(), 0755);
  EXPECT_EQ(run(launch({"my-tool"})).exit_code, 0);
  EXPECT_EQ(slurp(log()), "mine\n");
}

TEST_F(ProcessBackendTest, script_without_interpreter_line_runs_in_the_shell) {
  make();
  spill(folder / "plain", "echo \"$0 $1\"\n");
  chmod((folder / "plain").c_str(), 0755);
  run(launch({"./plain", "a b"}));
  EXPECT_EQ(slurp(log()), "./plain a b\n");
}

TEST_F(ProcessBackendTest, start_that_fails_names_what_is_missing) {
  make();
  EXPECT_EQ(backend->start(launch({"no-such-program"})).error().message,
            "start 'no-such-program': no such program in PATH (/usr/bin:/bin)");
  EXPECT_EQ(backend->start(launch({"./nothing"})).error().code, ErrorCode::not_found);
  Launch elsewhere = launch({"/bin/true"});
  elsewhere.directory = folder / "gone";
  const auto missing = backend->start(elsewhere);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::io);
  EXPECT_NE(missing.error().message.find(folder / "gone"), std::string::npos);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child was left";
}

TEST_F(ProcessBackendTest, terminate_and_kill_reach_the_whole_group) {
  make();
  ASSERT_TRUE(backend->start(script("sleep 1000 & echo $! > pid; wait", 1)));
  ASSERT_TRUE(
      backend->start(script("trap '' TERM; (trap '' TERM; sleep 1000) & echo $! > pid2;"
                            "while :; do wait; done",
                            2)));
  const pid_t inner = written_pid("pid");
  const pid_t stubborn = written_pid("pid2");
  backend->terminate(1);
  Exit exit = next_exit();
  EXPECT_EQ(exit.task, 1);
  EXPECT_EQ(exit.signal, SIGTERM);
  EXPECT_TRUE(eventually([&] { return !is_running(inner); }));
  backend->kill(2);
  exit = next_exit();
  EXPECT_EQ(exit.task, 2);
  EXPECT_EQ(exit.signal, SIGKILL);
  EXPECT_TRUE(eventually([&] { return !is_running(stubborn); }));
}

TEST_F(ProcessBackendTest, end_does_not_wait_for_a_grandchild_that_holds_the_pipe) {
  make();
  const Exit exit = run(script("setsid sleep 1000 & echo $! > pid; echo done"));
  EXPECT_EQ(exit.exit_code, 0);
  EXPECT_EQ(slurp(log()), "done\n");
  ::kill(written_pid("pid"), SIGKILL);
}

// Bug: with `exec > >(tee log)` the last lines were in no log: their writer was ended first.
TEST_F(ProcessBackendTest, last_words_of_what_the_leader_left_are_in_the_log) {
  ProcessBackendOptions options;
  options.hearing = kPatience;
  make(std::move(options));
  const Exit exit = run(script("{ sleep 0.05; echo last; } & echo first; exit 3"));
  EXPECT_EQ(exit.exit_code, 3);
  EXPECT_EQ(exit.output_bytes, 11);
  EXPECT_EQ(slurp(log()), "first\nlast\n");
  EXPECT_EQ(listener.heard[0], "first\nlast\n");
}

TEST_F(ProcessBackendTest, what_holds_the_pipe_is_not_heard_for_ever) {
  ProcessBackendOptions options;
  options.hearing = 20ms;
  make(std::move(options));
  EXPECT_EQ(run(script("sleep 1000 & exit 3")).exit_code, 3);
  EXPECT_EQ(run(script("yes & exit 4")).exit_code, 4);
}

TEST_F(ProcessBackendTest, what_let_go_of_the_pipe_is_not_waited_for) {
  ProcessBackendOptions options;
  options.hearing = std::chrono::hours(1);
  make(std::move(options));
  EXPECT_EQ(run(script("sleep 1000 >/dev/null 2>&1 & exit 3")).exit_code, 3);
}

TEST_F(ProcessBackendTest, kill_everything_ends_a_hearing) {
  ProcessBackendOptions options;
  options.hearing = std::chrono::hours(1);
  make(std::move(options));
  ASSERT_TRUE(backend->start(script("sleep 1000 & echo $! > pid")));
  const pid_t left = written_pid("pid");
  backend->wait(clock.monotonic() + 50ms, exits, wakeups);
  backend->kill_everything();
  EXPECT_TRUE(eventually([&] { return !is_running(left); }));
  EXPECT_EQ(next_exit().exit_code, 0);
}

TEST_F(ProcessBackendTest, what_is_left_of_the_group_gets_sigterm) {
  make();
  run(script(
      "sh -c 'trap \"echo bye > told; exit\" TERM; echo up > up; while :; do sleep 0.01; done' "
      "& while ! test -s up; do sleep 0.01; done"));
  // The groups of what ended are looked at right before the next wait.
  backend->wait(clock.monotonic() + std::chrono::milliseconds(20), exits, wakeups);
  EXPECT_EQ(written("told"), "bye\n");
}

TEST_F(ProcessBackendTest, leftover_that_ignores_sigterm_is_killed_at_the_end) {
  make();
  run(
      script("(trap '' TERM; echo up > up; exec sleep 1000) & echo $! > pid;"
             "while ! test -s up; do sleep 0.01; done"));
  const pid_t pid = written_pid("pid");
  EXPECT_TRUE(is_running(pid));
  EXPECT_EQ(backend->kill_everything(), 1);
  EXPECT_TRUE(eventually([&] { return !is_running(pid); }));
}

TEST_F(ProcessBackendTest, leftover_that_ignores_sigterm_is_killed_after_its_grace) {
  make();
  run(
      script("(trap '' TERM; echo up > up; exec sleep 1000) & echo $! > pid;"
             "while ! test -s up; do sleep 0.01; done"));
  const pid_t pid = written_pid("pid");
  const Nanos end = clock.monotonic() + kPatience;
  while (is_running(pid) && clock.monotonic() < end) {
    backend->wait(clock.monotonic() + std::chrono::milliseconds(20), exits, wakeups);
  }
  EXPECT_FALSE(is_running(pid));
}

TEST_F(ProcessBackendTest, stopped_attempt_stands_still_and_that_time_does_not_count) {
  make();
  const Nanos began = clock.monotonic();
  ASSERT_TRUE(backend->start(
      script("while :; do echo x >> ticks; test -e end && exit 0; sleep 0.01; done")));
  written("ticks");
  backend->stop(0);
  const Nanos stopped = clock.monotonic();
  // What it was writing when it was stopped is out by then.
  backend->wait(clock.monotonic() + std::chrono::milliseconds(50), exits, wakeups);
  const std::size_t before = slurp(folder / "ticks").size();
  backend->wait(clock.monotonic() + std::chrono::milliseconds(200), exits, wakeups);
  EXPECT_EQ(slurp(folder / "ticks").size(), before);
  EXPECT_TRUE(exits.empty());
  const Nanos stood_still = clock.monotonic() - stopped;
  backend->go_on(0);
  spill(folder / "end", "now");
  const Exit exit = next_exit();
  EXPECT_EQ(exit.exit_code, 0);
  EXPECT_LE(exit.duration, clock.monotonic() - began - stood_still);
}

TEST_F(ProcessBackendTest, stopped_attempt_can_be_terminated) {
  make();
  ASSERT_TRUE(backend->start(script("echo up > up; while :; do sleep 0.01; done")));
  written("up");
  backend->stop(0);
  backend->terminate(0);
  EXPECT_EQ(next_exit().signal, SIGTERM);
}

TEST_F(ProcessBackendTest, time_after_a_stopped_attempt_is_terminated_counts_again) {
  // Bug: the duration left out what it did after SIGTERM.
  make();
  ASSERT_TRUE(backend->start(
      script("trap 'sleep 0.5; exit 0' TERM; echo up > up; while :; do sleep 0.01; done")));
  written("up");
  backend->stop(0);
  backend->terminate(0);
  const Exit exit = next_exit();
  EXPECT_EQ(exit.exit_code, 0);
  EXPECT_GE(exit.duration, std::chrono::milliseconds(500));
}

TEST_F(ProcessBackendTest, destructor_kills_what_runs) {
  make();
  const auto pid = backend->start(launch({"/bin/sleep", "1000"}));
  ASSERT_TRUE(pid);
  backend.reset();
  EXPECT_FALSE(is_running(*pid));
}

TEST_F(ProcessBackendTest, kill_everything_reports_the_ends) {
  make();
  ASSERT_TRUE(backend->start(script("echo a; exec sleep 1000", 7)));
  ASSERT_TRUE(eventually([&] {
    backend->wait(clock.monotonic(), exits, wakeups);
    return backend->output_bytes(7) == 2;
  }));
  EXPECT_EQ(backend->kill_everything(), 0);
  const Exit exit = next_exit();
  EXPECT_EQ(exit.task, 7);
  EXPECT_EQ(exit.signal, SIGKILL);
  EXPECT_EQ(exit.output_bytes, 2);
}

TEST_F(ProcessBackendTest, wait_returns_at_its_time_or_when_nothing_can_happen) {
  make();
  backend->wait(std::nullopt, exits, wakeups);
  const Nanos before = clock.monotonic();
  backend->wait(before + std::chrono::milliseconds(5), exits, wakeups);
  EXPECT_GE(clock.monotonic() - before, std::chrono::milliseconds(5));
  EXPECT_TRUE(exits.empty());
  EXPECT_TRUE(wakeups.empty());
}

TEST_F(ProcessBackendTest, memory_of_the_tree_is_sampled) {
  ProcessBackendOptions options;
  options.sample_interval = std::chrono::milliseconds(10);
  make(std::move(options));
  // Two processes of 60 MB each that live at once: wait4 alone would report the larger one.
  const std::string hold =
      "python3 -c 'import os\nx=bytearray(60<<20)\nopen(\"%s\",\"w\").write(\"x\\n\")\n"
      "while not os.path.exists(\"go\"): pass'";
  std::string one = hold;
  std::string two = hold;
  one.replace(one.find("%s"), 2, "one");
  two.replace(two.find("%s"), 2, "two");
  ASSERT_TRUE(backend->start(script(one + " & " + two + " & wait")));
  ASSERT_TRUE(eventually([&] {
    backend->wait(clock.monotonic(), exits, wakeups);
    return !slurp(folder / "one").empty() && !slurp(folder / "two").empty();
  }));
  const Nanos until = clock.monotonic() + std::chrono::milliseconds(30);
  while (clock.monotonic() < until) {
    backend->wait(until, exits, wakeups);
  }
  spill(folder / "go", "");
  const Exit exit = next_exit();
  EXPECT_EQ(exit.exit_code, 0);
  EXPECT_EQ(exit.peak_memory_source, "sampled");
  EXPECT_GT(exit.peak_memory_bytes, std::int64_t{120} << 20);
}

TEST_F(ProcessBackendTest, peak_of_one_process_comes_from_wait4) {
  make();
  const Exit exit = run(launch({"/usr/bin/python3", "-c", "x=bytearray(300<<20)"}));
  EXPECT_EQ(exit.peak_memory_source, "wait4");
  EXPECT_GT(exit.peak_memory_bytes, std::int64_t{300} << 20);
}

TEST_F(ProcessBackendTest, log_that_cannot_be_made_costs_bytes_not_the_stage) {
  make();
  Launch lost = script("echo hello");
  lost.log_path = folder / "gone/log";
  const Exit exit = run(lost);
  EXPECT_EQ(exit.exit_code, 0);
  EXPECT_EQ(exit.output_bytes, 0);
  EXPECT_EQ(exit.lost_bytes, 6);
  EXPECT_EQ(listener.heard[0], "hello\n");
}

TEST_F(ProcessBackendTest, own_process_hears_signals_and_reaps_orphans) {
  int was_subreaper = 0;
  prctl(PR_GET_CHILD_SUBREAPER, &was_subreaper);
  ProcessBackendOptions options;
  options.own_process = true;
  make(std::move(options));
  ::kill(getpid(), SIGTERM);
  backend->wait(std::nullopt, exits, wakeups);
  ASSERT_EQ(wakeups.size(), 1U);
  EXPECT_EQ(wakeups[0].signal, SIGTERM);

  run(
      script("setsid sh -c 'trap \"\" TERM; echo $$ > pid; exec sleep 1000' & sleep 0; "
             "while ! test -s pid; do sleep 0.01; done"));
  const pid_t stray = written_pid("pid");
  EXPECT_TRUE(is_running(stray));
  EXPECT_EQ(backend->kill_everything(), 1);
  EXPECT_FALSE(is_running(stray));
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child was left";
  backend.reset();
  prctl(PR_SET_CHILD_SUBREAPER, was_subreaper);
}

TEST_F(ProcessBackendTest, ignored_sigchld_of_a_foreign_program_is_refused) {
  const auto old = signal(SIGCHLD, SIG_IGN);
  const auto made = ProcessBackend::create({}, clock);
  signal(SIGCHLD, old);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::unsupported);
}

TEST_F(ProcessBackendTest, many_at_once_all_end) {
  make();
  for (int task = 0; task < 200; ++task) {
    ASSERT_TRUE(backend->start(script("echo " + std::to_string(task), task)));
  }
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(next_exit().exit_code, 0);
  }
  for (int task = 0; task < 200; ++task) {
    EXPECT_EQ(slurp(log(task)), std::to_string(task) + "\n");
  }
}

}  // namespace
}  // namespace headway
