// Ctrl-C, SIGTERM and SIGKILL: nothing is left running, and the record is complete.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace headway {
namespace {

// A stage whose grandchild ignores SIGTERM, in a session of its own, and an `always` stage.
const char* const kStubborn = R"(version: 1
stages:
  stubborn:
    grace: 300ms
    run: |
      setsid sh -c 'trap "" TERM INT HUP; echo $$ > grandchild; while :; do sleep 0.1; done' &
      trap "" TERM
      echo $$ > child
      wait
      while :; do sleep 0.1; done
  next: {needs: [stubborn], run: touch next}
  tidy: {always: true, run: touch tidied}
)";

class Interruption : public testing::Test {
 protected:
  Interruption() { program.write("headway.yaml", kStubborn); }

  // A run whose stage and grandchild are up.
  Program::Process begin(const std::vector<std::string>& words = {"run"}) {
    for (const char* name : {"child", "grandchild", "tidied"}) {
      std::filesystem::remove(program.path(name));
    }
    auto process = program.start(words);
    EXPECT_TRUE(eventually(
        [&] { return has(program.read("child"), "\n") && has(program.read("grandchild"), "\n"); }));
    child = std::atoi(program.read("child").c_str());
    grandchild = std::atoi(program.read("grandchild").c_str());
    return process;
  }

  static bool is_gone(pid_t pid) {
    const std::string stat = slurp("/proc/" + std::to_string(pid) + "/stat");
    return stat.empty() || has(stat, ") Z ");
  }
  bool nothing_is_left() const {
    return eventually([this] { return is_gone(child) && is_gone(grandchild); });
  }
  // The worker: the only child of the program.
  static pid_t worker_of(pid_t watcher) {
    const std::string id = std::to_string(watcher);
    return std::atoi(slurp("/proc/" + id + "/task/" + id + "/children").c_str());
  }
  Json stage(const Json& document, std::size_t at) { return document["stages"].items().at(at); }

  Program program;
  pid_t child = 0, grandchild = 0;
};

TEST_F(Interruption, first_ctrl_c_ends_stages_after_their_grace_and_runs_always_stages) {
  auto process = begin({"run", "--json"});
  process.send_group(SIGINT);
  const ProgramResult result = process.wait();
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_TRUE(nothing_is_left());
  EXPECT_TRUE(std::filesystem::exists(program.path("tidied")));
  EXPECT_FALSE(std::filesystem::exists(program.path("next")));
  const Json document = result.json();
  EXPECT_EQ(document["status"].as_string(), "CANCELLED");
  EXPECT_EQ(document["exit_code"].as_integer(), 130);
  EXPECT_EQ(stage(document, 0)["status"].as_string(), "CANCELLED");
  EXPECT_EQ(stage(document, 1)["status"].as_string(), "CANCELLED");
  EXPECT_EQ(stage(document, 2)["status"].as_string(), "COMPLETED");
}

TEST_F(Interruption, signal_to_the_program_alone_reaches_the_run) {
  auto process = begin();
  process.send(SIGTERM);
  EXPECT_EQ(process.wait().exit_code, 143);
  EXPECT_TRUE(nothing_is_left());
}

TEST_F(Interruption, second_ctrl_c_kills_at_once) {
  std::string text = kStubborn;
  text.replace(text.find("300ms"), 5, "10m");
  program.write("headway.yaml", text);
  auto process = begin();
  process.send_group(SIGINT);
  ASSERT_TRUE(eventually([&] { return has(process.out(), "cancelling (SIGINT)"); }));
  process.send_group(SIGINT);
  const ProgramResult result = process.wait(30);
  EXPECT_EQ(result.exit_code, 130) << result.out;
  EXPECT_TRUE(nothing_is_left());
  EXPECT_FALSE(std::filesystem::exists(program.path("tidied")));
  EXPECT_EQ(program.run({"status", "--json"}).json()["status"].as_string(), "CANCELLED");
}

TEST_F(Interruption, killed_worker_leaves_nothing_and_its_record_is_closed) {
  auto process = begin({"run", "--json"});
  ::kill(worker_of(process.pid()), SIGKILL);
  const ProgramResult result = process.wait(30);
  EXPECT_NE(result.exit_code, 0);
  EXPECT_TRUE(nothing_is_left());
  EXPECT_TRUE(has(result.err, "SIGKILL")) << result.err;
  EXPECT_EQ(result.json()["status"].as_string(), "INTERRUPTED") << result.out;
  EXPECT_EQ(program.run({"status", "--json"}).json()["status"].as_string(), "INTERRUPTED");
}

TEST_F(Interruption, what_a_killed_run_had_measured_is_in_the_history) {
  program.write("headway.yaml",
                "version: 1\nstages: {first: {run: 'true'}, then: {needs: [first], run: 'touch up; "
                "sleep 100'}}\n");
  auto process = program.start({"run"});
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(program.path("up")); }));
  ::kill(worker_of(process.pid()), SIGKILL);
  process.wait(30);
  const Json stages = program.run({"--json"}).json()["stages"];
  EXPECT_TRUE(stages.items()[0]["median_seconds"].is_number());
  EXPECT_TRUE(stages.items()[1]["median_seconds"].is_null());
}

TEST_F(Interruption, killed_watcher_leaves_nothing_and_the_record_is_closed) {
  auto process = begin();
  process.send(SIGKILL);
  EXPECT_EQ(process.wait(30).exit_code, 137);
  EXPECT_TRUE(nothing_is_left());
  ASSERT_TRUE(eventually([&] {
    return program.run({"status", "--json"}).json()["status"].as_string() == "INTERRUPTED";
  }));
  const Json shown = program.run({"show", "--json"}).json();
  EXPECT_EQ(stage(shown, 0)["status"].as_string(), "INTERRUPTED");
}

TEST_F(Interruption, both_killed_at_once_the_next_command_cleans_up) {
  for (const char* command : {"status", "runs", "show", "logs", "run"}) {
    auto process = begin();
    const pid_t worker = worker_of(process.pid());
    ::kill(process.pid(), SIGSTOP);
    ::kill(worker, SIGSTOP);
    ::kill(process.pid(), SIGKILL);
    ::kill(worker, SIGKILL);
    process.wait(30);
    if (std::string_view(command) == "run") {
      program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
    }
    const ProgramResult next = program.run({command});
    EXPECT_EQ(next.exit_code, 0) << command << next.out << next.err;
    EXPECT_TRUE(has(next.err, "was interrupted")) << command << ": " << next.err;
    EXPECT_TRUE(nothing_is_left()) << command;
  }
  const Json runs = program.run({"runs", "--json"}).json();
  ASSERT_EQ(runs["runs"].items().size(), 6U);
  EXPECT_EQ(runs["runs"].items()[0]["status"].as_string(), "COMPLETED");
  for (std::size_t at = 1; at < 6; ++at) {
    EXPECT_EQ(runs["runs"].items()[at]["status"].as_string(), "INTERRUPTED");
  }
}

TEST_F(Interruption, running_run_is_left_alone_by_other_commands) {
  auto process = begin();
  EXPECT_EQ(program.run({"status", "--json"}).json()["status"].as_string(), "RUNNING");
  EXPECT_EQ(program.run({"runs"}).err, "");
  EXPECT_FALSE(is_gone(grandchild));
  process.send_group(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_TRUE(nothing_is_left());
}

TEST_F(Interruption, background_child_of_a_finished_stage_does_not_outlive_the_run) {
  program.write(
      "headway.yaml",
      "version: 1\nstages: {a: {run: 'setsid sleep 300 >/dev/null 2>&1 & echo $! > child; "
      "cp child grandchild'}}\n");
  auto process = begin();
  EXPECT_EQ(process.wait(30).exit_code, 0);
  EXPECT_TRUE(nothing_is_left());
}

}  // namespace
}  // namespace headway
