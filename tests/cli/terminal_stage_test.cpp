// Stages that get the terminal, and stages that leave something running.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

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
