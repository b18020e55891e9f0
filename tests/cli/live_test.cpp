// The live view on a real pseudo-terminal: drawn, given back, plain where it must be.
#include "support/headway_program.hpp"
#include "support/on_terminal.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

class Live : public testing::Test {
 protected:
  Live() {
    program.write("headway.yaml",
                  "version: 1\nstages: {a: {run: 'echo hello; sleep 0.7'}, b: {needs: [a], run: "
                  "'true'}}\n");
  }

  void SetUp() override {
    if (!has_terminals()) {
      GTEST_SKIP() << "no pseudo-terminal can be had here";
    }
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
