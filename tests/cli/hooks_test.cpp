// Hooks as a person meets them: run, --force-hooks, hooks, doctor, show; deadlines and Ctrl-C.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

namespace headway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Hooks : public testing::Test {
 protected:
  // `setup` with these hooks, and `after`, which needs it.
  void write(const std::string& hooks, const std::string& setup = "touch ran") {
    program_.write("headway.yaml",
                   "version: 1\nstages:\n  setup: {run: '" + setup +
                       "'}\n  after: {needs: [setup], run: touch after}\nhooks:\n  setup: [" +
                       hooks + "]\n");
  }
  ProgramResult run(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"run", "--json"});
    return program_.run(more);
  }
  bool ran(const char* name) const { return std::filesystem::exists(program_.path(name)); }
  static Json stage(const ProgramResult& result, std::size_t at) {
    return result.json()["stages"].items().at(at);
  }
  static bool is_gone(pid_t pid) {
    const std::string stat = slurp("/proc/" + std::to_string(pid) + "/stat");
    return stat.empty() || has(stat, ") Z ");
  }

  Program program_;
};

TEST_F(Hooks, hook_that_is_not_met_stops_its_stage_before_it_starts_and_ends_with_4) {
  write("{file: Makefile, hint: write one}, {env: PATH}");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_FALSE(ran("ran"));
  EXPECT_EQ(stage(result, 0)["status"].as_string(), "FAILED");
  EXPECT_EQ(stage(result, 0)["attempts"].as_integer(-1), 0);
  EXPECT_EQ(stage(result, 0)["reason"].as_string(),
            "hook 'file Makefile': not there, expected a file or folder");
  EXPECT_EQ(stage(result, 1)["status"].as_string(), "SKIPPED");
  const Json hook = result.json()["hooks"].items().at(0);
  EXPECT_EQ(hook["stage"].as_string(), "setup");
  EXPECT_EQ(hook["hook"].as_string(), "file Makefile");
  EXPECT_EQ(hook["found"].as_string(), "not there");
  EXPECT_EQ(hook["hint"].as_string(), "write one");
  EXPECT_FALSE(hook["passed"].as_bool(true));
  EXPECT_TRUE(result.json()["hooks"].items().at(1)["passed"].as_bool());
  EXPECT_THAT(result.err, HasSubstr("setup: not started"));
  EXPECT_THAT(result.err, HasSubstr("-> write one"));
  EXPECT_THAT(result.err, HasSubstr("run --only setup --force-hooks"));
}

// Its log was taken to be the folder of the run, which cannot be read.
TEST_F(Hooks, refused_stage_can_be_explained) {
  write("{file: Makefile, hint: write one}");
  ASSERT_EQ(run().exit_code, 4);
  const auto result = program_.run({"explain"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("it was never started"));
  EXPECT_THAT(result.out, HasSubstr("hook 'file Makefile': not there"));
}

TEST_F(Hooks, what_is_met_lets_the_stage_start) {
  write("{tool: sh}, {env: PATH}, {disk: 1B}, {memory: 1B}, {run: 'true'}");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(ran("after"));
  EXPECT_EQ(result.json()["hooks"].items().size(), 5U);
}

TEST_F(Hooks, forced_the_stage_starts_and_the_record_says_so) {
  write("{file: Makefile}");
  const auto result = run({"--force-hooks"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(ran("ran"));
  EXPECT_TRUE(result.json()["hooks"].items().at(0)["forced"].as_bool());
  EXPECT_THAT(result.err, HasSubstr("forced"));
  const std::string events = slurp(result.json()["paths"]["events"].as_string());
  EXPECT_THAT(events, HasSubstr("\"event\":\"hook_checked\""));
  EXPECT_THAT(program_.run({"show"}).out, HasSubstr("forced"));
}

TEST_F(Hooks, warning_is_told_and_the_stage_starts) {
  write("{file: Makefile, severity: warning}");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("warn"));
  EXPECT_FALSE(result.json()["hooks"].items().at(0)["forced"].as_bool(true));
}

TEST_F(Hooks, stage_that_failed_weighs_more_and_a_gate_less) {
  program_.write("headway.yaml",
                 "version: 1\nstages:\n  a: {run: 'true'}\n  b: {run: 'true', gates: [g]}\n"
                 "gates: {g: {run: 'false'}}\nhooks: {a: [{file: nowhere}]}\n");
  EXPECT_EQ(run({"-k"}).exit_code, 4);
  program_.write("headway.yaml",
                 "version: 1\nstages:\n  a: {run: 'true'}\n  b: {run: 'false'}\n"
                 "hooks: {a: [{file: nowhere}]}\n");
  EXPECT_EQ(run({"-k"}).exit_code, 1);
}

TEST_F(Hooks, refused_stage_that_may_fail_lets_the_run_go_on) {
  program_.write("headway.yaml",
                 "version: 1\nstages:\n  a: {run: 'true', allow_failure: true, retries: 3}\n"
                 "  b: {needs: [a], run: touch b}\nhooks: {a: [{file: nowhere}]}\n");
  EXPECT_EQ(run().exit_code, 0);
  EXPECT_TRUE(ran("b"));
}

TEST_F(Hooks, command_sees_the_environment_of_its_stage) {
  program_.write(
      "headway.yaml",
      "version: 1\nenv: {A: one}\nstages: {a: {run: touch ran, env: {B: two}}}\n"
      "hooks: {a: [{run: 'test \"$A $B $HEADWAY_STAGE\" = \"one two a\"'}, {env: B}]}\n");
  EXPECT_EQ(run().exit_code, 0);
  EXPECT_TRUE(ran("ran"));
}

TEST_F(Hooks, secret_that_a_command_prints_is_masked_everywhere) {
  program_.set("MY_TOKEN", "hunter2hunter2");
  write("{run: 'echo bad hunter2hunter2; exit 1'}");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err + result.out, HasSubstr("***"));
  EXPECT_THAT(result.err + result.out, Not(HasSubstr("hunter2hunter2; exit")));
  EXPECT_THAT(slurp(result.json()["paths"]["events"].as_string()),
              Not(HasSubstr("bad hunter2hunter2")));
}

TEST_F(Hooks, hooks_do_not_count_towards_the_timeout_of_the_stage) {
  program_.write("headway.yaml",
                 "version: 1\nstages: {a: {run: 'sleep 0.3', timeout: 1s}}\n"
                 "hooks: {a: [{run: 'sleep 1.2'}]}\n");
  EXPECT_EQ(run().exit_code, 0);
}

TEST_F(Hooks, hook_that_does_not_answer_in_time_refuses_and_is_killed) {
  write("{run: 'echo $$ > pid; sleep 100', timeout: 3s}");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 4) << result.err;
  EXPECT_THAT(result.json()["hooks"].items().at(0)["found"].as_string(),
              HasSubstr("no answer within 3"));
  const pid_t pid = std::atoi(program_.read("pid").c_str());
  EXPECT_TRUE(eventually([&] { return is_gone(pid); }));
}

TEST_F(Hooks, ctrl_c_ends_a_hook_at_once_and_the_record_is_complete) {
  write("{run: 'echo $$ > pid; sleep 100', timeout: 100s}");
  auto process = program_.start({"run", "--json"});
  ASSERT_TRUE(eventually([&] { return has(program_.read("pid"), "\n"); }));
  process.send(SIGINT);
  const auto result = process.wait();
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_EQ(stage(result, 0)["status"].as_string(), "CANCELLED");
  EXPECT_FALSE(ran("ran"));
  EXPECT_TRUE(eventually([&] { return is_gone(std::atoi(program_.read("pid").c_str())); }));
}

TEST_F(Hooks, what_a_hook_left_behind_is_gone_after_the_run) {
  program_.write("headway.yaml",
                 "version: 1\nstages: {setup: {run: 'true'}}\nhooks:\n  setup:\n    - run: |\n"
                 "        setsid sh -c 'echo $$ > pid; exec sleep 100' &\n"
                 "        while ! test -s pid; do sleep 0.01; done\n");
  EXPECT_EQ(run().exit_code, 0);
  const pid_t pid = std::atoi(program_.read("pid").c_str());
  ASSERT_GT(pid, 0);
  EXPECT_TRUE(eventually([&] { return is_gone(pid); }));
}

TEST_F(Hooks, alone_they_are_looked_at_without_a_run) {
  write("{file: Makefile, hint: write one}, {file: headway.yaml}");
  const auto text = program_.run({"hooks"});
  EXPECT_EQ(text.exit_code, 4);
  EXPECT_THAT(text.out, HasSubstr("FAIL    setup  file Makefile: not there"));
  EXPECT_THAT(text.out, HasSubstr("-> write one"));
  EXPECT_THAT(text.out, HasSubstr("2 hooks: 1 passed; a stage would be refused"));
  const auto json = program_.run({"hooks", "setup", "--json"});
  EXPECT_EQ(json.exit_code, 4);
  EXPECT_EQ(json.json()["format"].as_integer(), 1);
  EXPECT_FALSE(json.json()["passed"].as_bool(true));
  EXPECT_EQ(json.json()["hooks"].items().size(), 2U);
  EXPECT_EQ(json.json()["hooks"].items().at(1)["number"].as_integer(), 2);
  EXPECT_EQ(program_.run({"hooks", "after"}).exit_code, 0);
  EXPECT_THAT(program_.run({"hooks", "setup", "setup"}).out, HasSubstr("2 hooks: 1 passed"));
  EXPECT_FALSE(std::filesystem::exists(program_.path(".headway")));
}

TEST_F(Hooks, alone_an_unknown_stage_is_told_with_the_nearest) {
  write("{tool: sh}");
  const auto result = program_.run({"hooks", "setpu"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("find stage 'setpu' (did you mean 'setup'?)"));
}

TEST_F(Hooks, alone_ctrl_c_ends_them) {
  write("{run: 'echo $$ > pid; sleep 100', timeout: 100s}");
  auto process = program_.start({"hooks"});
  ASSERT_TRUE(eventually([&] { return has(program_.read("pid"), "\n"); }));
  process.send(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_TRUE(eventually([&] { return is_gone(std::atoi(program_.read("pid").c_str())); }));
}

TEST_F(Hooks, doctor_shows_them_and_runs_no_command) {
  write("{file: Makefile, hint: write one}, {run: touch ran}");
  const auto result = program_.run({"doctor"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("hook.setup.1"));
  EXPECT_THAT(result.out, HasSubstr("write one"));
  EXPECT_FALSE(ran("ran"));
}

}  // namespace
}  // namespace headway
