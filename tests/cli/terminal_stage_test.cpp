// Stages that get the terminal, and stages that leave something running.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace headway {
namespace {

TEST(InteractiveStage, runs_alone_and_what_it_prints_is_in_no_log) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  a: {run: 'touch a.on; sleep 0.2; test ! -e ask.on; rm a.on'}
  ask:
    interactive: true
    run: 'touch ask.on; test ! -e a.on; echo to-the-terminal; sleep 0.2; rm ask.on'
  b: {run: 'sleep 0.1; test ! -e ask.on'}
)");
  const ProgramResult result = program.run({"run", "-j4", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(has(result.err, "to-the-terminal")) << "stdout is the document's";
  const std::string folder = result.json()["paths"]["dir"].as_string();
  EXPECT_FALSE(std::filesystem::exists(folder + "/stages/ask.1.log"));
  EXPECT_TRUE(std::filesystem::exists(folder + "/events.jsonl"));
}

// The binary on a terminal of its own, as the leader of the session, or as a job of a small shell
// that goes on with a job that has stopped.
class OnTerminal : public testing::Test {
 protected:
  ~OnTerminal() override {
    if (leader_ > 0) {
      ::kill(leader_, SIGKILL);
      ::waitpid(leader_, nullptr, 0);
    }
  }

  void start(bool as_job) {
    int terminal = -1;
    leader_ = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (leader_ == 0) {
      if (as_job) {
        be_shell();
      }
      become_headway();
    }
    terminal_.reset(terminal);
    ::fcntl(terminal, F_SETFL, O_NONBLOCK);
    if (leader_ < 0) {
      GTEST_SKIP() << "no pseudo-terminal can be had here";
    }
  }
  void type(const std::string& keys) const {
    EXPECT_EQ(::write(terminal_.get(), keys.data(), keys.size()),
              static_cast<ssize_t>(keys.size()));
  }
  bool has_file(const std::string& name) const {
    return std::filesystem::exists(program_.path(name));
  }
  // Of the session's leader, which passes on what its job said; -1 where it does not end.
  int exit_code() {
    int status = 0;
    const bool has_ended = eventually([&] {
      read_all();
      return ::waitpid(leader_, &status, WNOHANG) == leader_;
    });
    leader_ = has_ended ? -1 : leader_;
    return has_ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  Program program_;

 private:
  [[noreturn]] void become_headway() const {
    ::setenv("TERM", "dumb", 1);
    ::execl(HEADWAY_BINARY, "headway", "-C", program_.path().c_str(), "run", nullptr);
    ::_exit(98);
  }
  [[noreturn]] void be_shell() const {
    ::signal(SIGTTOU, SIG_IGN);
    const pid_t job = ::fork();
    ::setpgid(job, job);
    ::tcsetpgrp(STDIN_FILENO, job == 0 ? ::getpid() : job);
    if (job == 0) {
      ::signal(SIGTTOU, SIG_DFL);
      become_headway();
    }
    int status = 0;
    while (::waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
      ::tcsetpgrp(STDIN_FILENO, ::getpgrp());
      spill(program_.path("stopped"), "yes");
      ::tcsetpgrp(STDIN_FILENO, job);
      ::kill(-job, SIGCONT);
    }
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 97);
  }

  // Nobody may wait for a terminal that is full.
  void read_all() const {
    char piece[4096];
    while (::read(terminal_.get(), piece, sizeof piece) > 0) {
    }
  }

  pid_t leader_ = -1;
  UniqueFd terminal_;
};

// Bug: the stage stood still for ever and kept the terminal; no key reached anybody any more.
TEST_F(OnTerminal, suspended_stage_stops_the_run_and_both_go_on_together) {
  program_.write("headway.yaml", R"yaml(version: 1
stages:
  ask: {interactive: true, run: 'touch up; until test -e go; do sleep 0.02; done; read -r line < /dev/tty; test "$line" = typed'}
)yaml");
  start(true);
  ASSERT_TRUE(eventually([&] { return has_file("up"); }));
  type("\x1a");  // Ctrl-Z
  EXPECT_TRUE(eventually([&] { return has_file("stopped"); }));
  program_.write("go", "");
  type("typed\n");
  EXPECT_EQ(exit_code(), 0);
}

TEST_F(OnTerminal, without_a_shell_a_suspended_stage_just_goes_on) {
  program_.write("headway.yaml",
                 "version: 1\nstages: {ask: {interactive: true, run: 'kill -STOP $$; exit 0'}}\n");
  start(false);
  EXPECT_EQ(exit_code(), 0);
}

// What is left running carries on until the test ends it.
class Background : public testing::Test {
 protected:
  ~Background() override {
    if (pid() > 0) {
      ::kill(pid(), SIGKILL);
    }
  }
  int pid() const { return std::atoi(program_.read("pid").c_str()); }
  bool lives() const { return pid() > 0 && ::kill(pid(), 0) == 0; }

  Program program_;
};

TEST_F(Background, is_kept_beyond_the_run_where_the_stage_asks_for_it) {
  program_.write("headway.yaml", R"yaml(version: 1
stages:
  serve:
    keep_background: true
    run: 'sleep 60 >/dev/null 2>&1 & echo $! > pid'
  next: {needs: [serve], run: 'kill -0 "$(cat pid)"'}
)yaml");
  EXPECT_EQ(program_.run({"run", "-q"}).exit_code, 0);
  EXPECT_TRUE(lives());
  EXPECT_EQ(program_.run({"status"}).exit_code, 0);
  EXPECT_TRUE(lives()) << "nor does the next command end it";
}

TEST_F(Background, is_ended_with_the_run_where_it_does_not) {
  program_.write(
      "headway.yaml",
      "version: 1\nstages: {serve: {run: 'sleep 60 >/dev/null 2>&1 & echo $! > pid'}}\n");
  EXPECT_EQ(program_.run({"run", "-q"}).exit_code, 0);
  EXPECT_TRUE(eventually([this] { return !lives(); }));
}

}  // namespace
}  // namespace headway
