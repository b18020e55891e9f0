// status, runs, show, logs: reading runs back, also where there is none.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace headway {
namespace {

const char* const kWorkflow = R"(version: 1
name: demo
stages:
  setup: {run: echo ready}
  unit: {name: Unit tests, needs: [setup], run: 'echo one; echo two; exit 7'}
  mute: {run: 'true'}
  ship: {needs: [unit], run: 'true'}
)";

class ReadTest : public testing::Test {
 protected:
  ReadTest() { program.write("headway.yaml", kWorkflow); }
  Json run() { return program.run({"run", "--json"}).json(); }
  Program program;
};

TEST_F(ReadTest, no_run_yet_is_no_mistake) {
  for (const char* command : {"status", "runs", "show", "logs"}) {
    EXPECT_EQ(program.run({command}).exit_code, 0) << command;
  }
  EXPECT_TRUE(has(program.run({"status"}).out, "NONE"));
  EXPECT_EQ(program.run({"status", "--json"}).out, "{\"format\":1,\"status\":\"NONE\"}\n");
  EXPECT_EQ(program.run({"runs", "--json"}).out, "{\"format\":1,\"runs\":[]}\n");
  EXPECT_EQ(program.run({"logs", "--json"}).out, "");
  EXPECT_FALSE(std::filesystem::exists(program.path(".headway")));
}

TEST_F(ReadTest, run_that_was_killed_before_its_first_event_is_none) {
  program.write(".headway/runs/ffffffff-ffff-7fff-bfff-ffffffffffff/lock", "");
  EXPECT_EQ(program.run({"status", "--json"}).out, "{\"format\":1,\"status\":\"NONE\"}\n");
  EXPECT_EQ(program.run({"show"}).exit_code, 0);
}

TEST_F(ReadTest, no_workflow_file_is_no_mistake_for_reading) {
  std::filesystem::remove(program.path("headway.yaml"));
  EXPECT_EQ(program.run({"status", "--json"}).out, "{\"format\":1,\"status\":\"NONE\"}\n");
  EXPECT_EQ(program.run({"runs"}).exit_code, 0);
}

TEST_F(ReadTest, status_is_the_state_of_the_newest_run) {
  const Json ran = run();
  const Json document = program.run({"status", "--json"}).json();
  EXPECT_EQ(document["format"].as_integer(), 1);
  EXPECT_EQ(document["run_id"].as_string(), ran["run_id"].as_string());
  EXPECT_EQ(document["status"].as_string(), "FAILED");
  for (const char* field : {"workflow_id",
                            "workflow",
                            "lane",
                            "stage",
                            "started_at",
                            "updated_at",
                            "stages",
                            "timing",
                            "metrics"}) {
    EXPECT_TRUE(document.contains(field)) << field;
  }
  const ProgramResult people = program.run({"status"});
  EXPECT_TRUE(has(people.out, "FAILED     unit")) << people.out;
  EXPECT_EQ(program.run({"status", "-q"}).out, "FAILED\n");
}

TEST_F(ReadTest, runs_are_newest_first_and_bounded) {
  const std::string first = run()["run_id"].as_string();
  const std::string second = run()["run_id"].as_string();
  const Json document = program.run({"runs", "--json"}).json();
  ASSERT_EQ(document["runs"].items().size(), 2U);
  const Json& newest = document["runs"].items()[0];
  EXPECT_EQ(newest["run_id"].as_string(), second);
  for (const char* field : {"workflow",
                            "lane",
                            "status",
                            "exit_code",
                            "started_at",
                            "elapsed_seconds",
                            "first_failure"}) {
    EXPECT_TRUE(newest.contains(field)) << field;
  }
  EXPECT_EQ(newest["first_failure"]["stage"].as_string(), "unit");
  EXPECT_EQ(program.run({"runs", "--limit", "1", "-q"}).out, second + "\n");
}

TEST_F(ReadTest, run_is_named_by_its_tail) {
  const std::string first = run()["run_id"].as_string();
  run();
  const ProgramResult shown = program.run({"show", first.substr(first.size() - 8), "--json"});
  EXPECT_EQ(shown.json()["run_id"].as_string(), first) << shown.err;
  const ProgramResult wrong = program.run({"show", "zzzzzzzz"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_TRUE(has(wrong.err, "zzzzzzzz")) << wrong.err;
}

TEST_F(ReadTest, show_tells_stages_failure_and_critical_path) {
  // No stage beside the chain: on a busy machine it may take longer than the chain does.
  program.write("headway.yaml", R"(version: 1
stages:
  setup: {run: echo ready}
  unit: {name: Unit tests, needs: [setup], run: 'exit 7'}
  ship: {needs: [unit], run: 'true'}
)");
  run();
  const ProgramResult result = program.run({"show"});
  EXPECT_TRUE(has(result.out, "critical path: setup > unit")) << result.out;
  EXPECT_TRUE(has(result.out, "FAILED unit (Unit tests): exit code 7")) << result.out;
}

TEST_F(ReadTest, show_rebuilds_the_status_file) {
  const std::string folder = run()["paths"]["dir"].as_string();
  const std::string before = slurp(folder + "/status.json");
  spill(folder + "/status.json", "damaged");
  EXPECT_EQ(program.run({"show", "--rebuild"}).exit_code, 0);
  EXPECT_EQ(slurp(folder + "/status.json"), before);
}

TEST_F(ReadTest, logs_are_records_and_can_be_chosen) {
  run();
  const ProgramResult all = program.run({"logs"});
  EXPECT_TRUE(has(all.out, "run started")) << all.out;
  const ProgramResult errors = program.run({"logs", "--level", "error"});
  EXPECT_FALSE(has(errors.out, "run started")) << errors.out;
  EXPECT_TRUE(has(errors.out, "run finished")) << errors.out;
  EXPECT_EQ(program.run({"logs", "--since", "2100-01-01T00:00:00Z"}).out, "");
  EXPECT_EQ(program.run({"logs", "--since", "1h"}).out, all.out);
}

TEST_F(ReadTest, logs_as_json_are_the_records_one_a_line) {
  run();
  std::istringstream lines(program.run({"logs", "--json", "--stage", "unit"}).out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto record = Json::parse(line);
    ASSERT_TRUE(record) << line;
    EXPECT_EQ((*record)["attr"]["stage"].as_string(), "unit");
  }
  EXPECT_GE(count, 1);
}

TEST_F(ReadTest, logs_of_a_stage_are_what_it_printed) {
  run();
  const ProgramResult text = program.run({"logs", "--stage", "unit"});
  EXPECT_EQ(text.out, "== unit, attempt 1: FAILED, exit code 7\none\ntwo\n");
  EXPECT_EQ(program.run({"logs", "--stage", "unit", "--raw"}).out, "one\ntwo\n");
  EXPECT_EQ(program.run({"logs", "--stage", "mute", "--raw"}).out, "");
  EXPECT_EQ(program.run({"logs", "--stage", "ship", "--raw"}).out, "");
  const ProgramResult wrong = program.run({"logs", "--stage", "uint"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_TRUE(has(wrong.err, "did you mean 'unit'?")) << wrong.err;
}

TEST_F(ReadTest, damaged_history_is_set_aside_told_once_and_made_anew) {
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\n");
  program.run({"run"});
  std::filesystem::remove(program.path(".headway/history.db-wal"));
  program.write(".headway/history.db", std::string(9000, 'x'));
  const ProgramResult list = program.run({"--json"});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_TRUE(has(list.err, "set aside as")) << list.err;
  EXPECT_TRUE(has(list.err, "made anew from 1 recorded run")) << list.err;
  EXPECT_TRUE(list.json()["stages"].items()[0]["median_seconds"].is_number());
  EXPECT_EQ(program.run({"plan"}).err, "");
}

// What the first attempt printed last was skipped when the second began.
TEST_F(ReadTest, followed_output_has_every_line_of_every_attempt) {
  program.write("headway.yaml",
                "version: 1\nstages: {a: {retries: 1, run: 'echo one $HEADWAY_ATTEMPT; "
                "while [ ! -e go ]; do sleep 0.02; done; echo two $HEADWAY_ATTEMPT; exit 1'}}\n");
  auto running = program.start({"run"});
  ASSERT_TRUE(eventually([&] { return has(program.run({"logs", "--stage", "a"}).out, "one 1"); }));
  auto logs = program.start({"logs", "--stage", "a", "--follow", "--raw"});
  ASSERT_TRUE(eventually([&] { return logs.out() == "one 1\n"; }));
  program.write("go", "");
  EXPECT_EQ(running.wait().exit_code, 1);
  EXPECT_EQ(logs.wait().out, "one 1\ntwo 1\none 2\ntwo 2\n");
}

TEST_F(ReadTest, logs_of_an_unknown_stage_are_refused_by_any_filter) {
  program.write("headway.yaml", "version: 1\nstages: {lint: {run: 'true'}}\n");
  ASSERT_EQ(program.run({"run"}).exit_code, 0);
  const ProgramResult result = program.run({"logs", "--stage", "lnt", "--level", "error"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(has(result.err, "did you mean 'lint'?")) << result.err;
}

TEST_F(ReadTest, logs_and_status_follow_a_run_to_its_end) {
  program.write("headway.yaml",
                "version: 1\nstages: {a: {run: 'echo one; while [ ! -e go ]; do sleep 0.02; done; "
                "echo two'}}\n");
  auto running = program.start({"run"});
  ASSERT_TRUE(eventually([&] { return has(program.run({"logs", "--stage", "a"}).out, "one"); }));
  auto logs = program.start({"logs", "--stage", "a", "--follow", "--raw"});
  auto records = program.start({"logs", "--follow"});
  auto status = program.start({"status", "--watch"});
  ASSERT_TRUE(eventually([&] { return logs.out() == "one\n"; }));
  ASSERT_TRUE(eventually([&] { return has(status.out(), "RUNNING"); }));
  program.write("go", "");
  EXPECT_EQ(running.wait().exit_code, 0);
  EXPECT_EQ(logs.wait().out, "one\ntwo\n");
  EXPECT_TRUE(has(records.wait().out, "run finished"));
  EXPECT_TRUE(has(status.wait().out, "COMPLETED"));
}

}  // namespace
}  // namespace headway
