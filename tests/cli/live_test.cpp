// The live view on a real pseudo-terminal: drawn, given back, plain where it must be.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>
#include <pty.h>

namespace headway {
namespace {

// Runs the binary with a terminal of 60 x 20 as its stdin, stdout and stderr; all it wrote.
std::string on_terminal(const Program& program,
                        const std::vector<std::string>& words,
                        const std::vector<std::string>& variables) {
  winsize size{.ws_row = 20, .ws_col = 60, .ws_xpixel = 0, .ws_ypixel = 0};
  int terminal = -1;
  const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (pid == 0) {
    for (const char* name : {"NO_COLOR", "CI", "CLICOLOR_FORCE"}) {
      ::unsetenv(name);
    }
    for (const std::string& variable : variables) {
      ::putenv(const_cast<char*>(variable.c_str()));
    }
    std::vector<std::string> all{HEADWAY_BINARY, "-C", program.path()};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (std::string& word : all) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    ::execv(HEADWAY_BINARY, argv.data());
    ::_exit(98);
  }
  std::string text;
  char piece[4096];
  for (ssize_t got = 0; (got = ::read(terminal, piece, sizeof piece)) > 0;) {
    text.append(piece, static_cast<std::size_t>(got));
  }
  ::close(terminal);
  ::waitpid(pid, nullptr, 0);
  return text;
}

class Live : public testing::Test {
 protected:
  Live() {
    program.write("headway.yaml",
                  "version: 1\nstages: {a: {run: 'echo hello; sleep 0.7'}, b: {needs: [a], run: "
                  "'true'}}\n");
  }

  void SetUp() override {
    int terminal = -1;
    int other = -1;
    if (::openpty(&terminal, &other, nullptr, nullptr, nullptr) != 0) {
      GTEST_SKIP() << "no pseudo-terminal can be had here";
    }
    ::close(terminal);
    ::close(other);
  }

  Program program;
};

TEST_F(Live, terminal_gets_a_picture_and_its_cursor_back) {
  const std::string text = on_terminal(program, {"run"}, {"TERM=xterm"});
  EXPECT_TRUE(has(text, "\x1b[?25l")) << text;
  EXPECT_TRUE(has(text, "0 of 2")) << text;
  EXPECT_GT(text.rfind("\x1b[?25h"), text.rfind("\x1b[?25l")) << text;
  EXPECT_TRUE(has(text.substr(text.rfind("\x1b[?25h")), "completed")) << text;
}

TEST_F(Live, dumb_terminal_and_ci_get_plain_text) {
  for (const char* variable : {"TERM=dumb", "CI=true"}) {
    const std::string text = on_terminal(program, {"run"}, {"TERM=xterm", variable});
    EXPECT_FALSE(has(text, "\x1b[?25l")) << variable;
    EXPECT_TRUE(has(text, "hello")) << variable;
  }
}

TEST_F(Live, no_color_is_honoured_on_a_terminal) {
  EXPECT_TRUE(has(on_terminal(program, {}, {"TERM=xterm"}), "\x1b[1m"));
  EXPECT_FALSE(has(on_terminal(program, {}, {"TERM=xterm", "NO_COLOR=1"}), "\x1b["));
}

TEST_F(Live, watched_status_is_redrawn_until_the_run_ends) {
  program.write("headway.yaml",
                "version: 1\nstages: {a: {run: 'while [ ! -e go ]; do sleep 0.05; done'}}\n");
  auto run = program.start({"run"});
  ASSERT_TRUE(eventually([&] { return has(program.run({"status"}).out, "RUNNING"); }));
  std::thread go([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // some pictures
    program.write("go", "");
  });
  const std::string text = on_terminal(program, {"status", "--watch"}, {"TERM=xterm"});
  go.join();
  EXPECT_FALSE(has(text, "\x1b[?25l"));  // (Ctrl-C, the usual end, could not show it again)
  EXPECT_TRUE(has(text, "COMPLETED")) << text;
  EXPECT_EQ(run.wait().exit_code, 0);
}

}  // namespace
}  // namespace headway
