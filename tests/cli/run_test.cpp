// `headway run`: exit codes, views, documents, the failure screen.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace headway {
namespace {

const Json& stage(const Json& document, std::string_view key) {
  static const Json kNone;
  for (const Json& each : document["stages"].items()) {
    if (each["key"].as_string() == key) {
      return each;
    }
  }
  return kNone;
}

const char* const kFails = R"(version: 1
name: demo
stages:
  setup: {run: echo ready}
  unit: {name: Unit tests, needs: [setup], run: 'for i in 1 2 3; do echo line $i; done; exit 7'}
  ship: {needs: [unit], run: echo shipped}
  tidy: {always: true, run: echo tidied}
)";

TEST(Run, target_that_is_enforced_and_missed_is_exit_code_five) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages: {a: {run: sleep 0.05}}
lanes: {quick: {default: true, sla: 10ms}}
)");
  EXPECT_EQ(program.run({"run"}).exit_code, 0);
  const ProgramResult enforced = program.run({"run", "--enforce-sla"});
  EXPECT_EQ(enforced.exit_code, 5);
  EXPECT_TRUE(has(enforced.out + enforced.err, "SLA of 10 ms missed"));
  EXPECT_EQ(program.run({"run", "--enforce-sla", "--timeout", "1ms"}).exit_code, 124);
  EXPECT_TRUE(has(program.run({"stats"}).out, "SLA of 10 ms: missed by 2 of 2 runs"));
  program.write("headway.yaml", "version: 1\nstages: {a: {run: 'true'}}\nlanes: {free: {}}\n");
  EXPECT_TRUE(has(program.run({"run", "--enforce-sla", "-q"}).err,
                  "lane 'free' has no 'sla': '--enforce-sla' enforces nothing"));
}

TEST(Run, stages_run_in_order_and_end_with_zero) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  b: {needs: [a], run: echo b >> order}
  a: {run: echo a >> order}
  c: {needs: [b], run: [sh, -c, echo c >> order]}
)");
  const ProgramResult result = program.run({"run", "-j4"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_EQ(program.read("order"), "a\nb\nc\n");
  EXPECT_TRUE(has(result.out, "completed in ")) << result.out;
  EXPECT_TRUE(has(result.out, ": 3 completed")) << result.out;
  EXPECT_EQ(result.err, "");
}

TEST(Run, failure_screen_says_what_broke_what_follows_and_what_to_type) {
  Program program;
  program.write("headway.yaml", kFails);
  const ProgramResult result = program.run({"run"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(has(result.out, "FAILED unit (Unit tests): exit code 7 after ")) << result.out;
  EXPECT_TRUE(has(result.out, " 1 | line 1\n")) << result.out;
  EXPECT_TRUE(has(result.out, " 3 | line 3\n")) << result.out;
  EXPECT_TRUE(has(result.out, "cause: unknown\n")) << result.out;
  EXPECT_TRUE(has(result.out, "Not run (1): needs 'unit', which failed\n  ship\n")) << result.out;
  EXPECT_TRUE(has(result.out, "Run it again:  headway run --only unit\n")) << result.out;
  EXPECT_TRUE(has(result.out, "/stages/unit.1.log\n")) << result.out;
  EXPECT_TRUE(has(result.out, "tidied")) << result.out;
  EXPECT_FALSE(has(result.out, "shipped")) << result.out;
  // Just this stage, and nothing that it needs.
  EXPECT_EQ(program.run({"run", "--only", "unit", "--json"}).json()["stages"].items().size(), 1U);
}

TEST(Run, command_of_the_failure_screen_repeats_the_stage) {
  Program program;
  program.write("sub/ci file.yaml",
                "version: 1\nstages: {a: {run: 'exit 3'}}\n"
                "lanes: {x: {default: true}, y: {}}\n");
  const ProgramResult result =
      program.run({"-C", "sub", "run", "-f", "ci file.yaml", "--lane", "y"});
  EXPECT_TRUE(has(result.out, "headway -C sub -f 'ci file.yaml' run --only a --lane y\n"))
      << result.out;
}

TEST(Run, json_is_the_record_of_the_run_with_every_field) {
  Program program;
  program.write("headway.yaml", kFails);
  const ProgramResult result = program.run({"run", "--json", "-j2"});
  EXPECT_EQ(result.exit_code, 1);
  const Json document = result.json();
  EXPECT_EQ(document["format"].as_integer(), 1);
  for (const char* field : {"run_id",
                            "workflow",
                            "lane",
                            "status",
                            "exit_code",
                            "elapsed_seconds",
                            "work_seconds",
                            "critical_path",
                            "critical_path_seconds",
                            "peak_running",
                            "jobs",
                            "sla",
                            "stages",
                            "gates",
                            "first_failure",
                            "resumed_from",
                            "paths"}) {
    EXPECT_TRUE(document.contains(field)) << field;
  }
  const Json& unit = stage(document, "unit");
  for (const char* field : {"key",
                            "stage_id",
                            "name",
                            "status",
                            "reason",
                            "attempts",
                            "exit_code",
                            "signal",
                            "started_offset_seconds",
                            "duration_seconds",
                            "queue_seconds",
                            "cpu_seconds",
                            "peak_memory_bytes",
                            "peak_memory_source",
                            "log"}) {
    EXPECT_TRUE(unit.contains(field)) << field;
  }
  EXPECT_EQ(document["status"].as_string(), "FAILED");
  EXPECT_EQ(document["exit_code"].as_integer(), 1);
  EXPECT_EQ(document["first_failure"]["stage"].as_string(), "unit");
  EXPECT_EQ(unit["exit_code"].as_integer(), 7);
  EXPECT_EQ(stage(document, "ship")["status"].as_string(), "SKIPPED");
  EXPECT_EQ(stage(document, "tidy")["status"].as_string(), "COMPLETED");
  EXPECT_TRUE(std::filesystem::exists(document["paths"]["events"].as_string()));
  EXPECT_TRUE(has(result.err, "FAILED unit")) << result.err;
  // `show --json` is the same document.
  EXPECT_EQ(program.run({"show", "--json"}).json().dump(), document.dump());
}

TEST(Run, events_are_lines_of_json_and_people_read_stderr) {
  Program program;
  program.write("headway.yaml", kFails);
  const ProgramResult result = program.run({"run", "--output", "events"});
  EXPECT_EQ(result.exit_code, 1);
  std::istringstream lines(result.out);
  std::vector<std::string> names;
  std::int64_t seq = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto event = Json::parse(line);
    ASSERT_TRUE(event) << line;
    EXPECT_EQ((*event)["seq"].as_integer(), ++seq);
    names.push_back((*event)["event"].as_string());
  }
  ASSERT_GE(names.size(), 4U);
  EXPECT_EQ(names.front(), "run_started");
  EXPECT_EQ(names.back(), "run_finished");
  EXPECT_TRUE(has(result.err, "FAILED unit")) << result.err;
}

TEST(Run, quiet_says_only_what_failed_and_how_it_ended) {
  Program program;
  program.write("headway.yaml", kFails);
  const ProgramResult result = program.run({"run", "-q"});
  EXPECT_TRUE(result.out.starts_with("== unit: FAILED (exit code 7) after")) << result.out;
  EXPECT_FALSE(has(result.out, "ready")) << result.out;
  program.write("good.yaml", "version: 1\nstages: {a: {run: echo x}}\n");
  const ProgramResult good = program.run({"-f", "good.yaml", "run", "-q"});
  EXPECT_TRUE(good.out.starts_with("completed in ")) << good.out;
  EXPECT_EQ(std::count(good.out.begin(), good.out.end(), '\n'), 1);
}

TEST(Run, stream_has_the_stage_before_every_line) {
  Program program;
  program.write("headway.yaml",
                "version: 1\nstages: {a: {run: 'echo one; printf half'}, b: {run: echo two}}\n");
  const ProgramResult result = program.run({"run", "--output", "stream", "-j2"});
  EXPECT_TRUE(has(result.out, "[a] one\n")) << result.out;
  EXPECT_TRUE(has(result.out, "[a] half\n")) << result.out;
  EXPECT_TRUE(has(result.out, "[b] two\n")) << result.out;
}

TEST(Run, plain_never_mixes_outputs) {
  Program program;
  std::string stages;
  for (const char key : std::string("abcd")) {
    stages += std::string("  ") + key + ": {run: 'for i in 1 2 3 4 5 6 7 8; do echo " + key +
              "; sleep 0.02; done'}\n";
  }
  program.write("headway.yaml", "version: 1\nstages:\n" + stages);
  const ProgramResult result = program.run({"run", "-j4", "--output", "plain"});
  std::istringstream lines(result.out);
  std::string owner, seen;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("== ")) {
      owner = line.substr(3, 1);
    } else if (line.size() == 1) {
      EXPECT_EQ(line, owner) << result.out;
      seen += line;
    }
  }
  EXPECT_EQ(seen.size(), 32U) << result.out;
}

TEST(Run, keep_going_runs_what_does_not_depend_on_the_failure) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  bad: {run: 'exit 1'}
  after: {needs: [bad], run: touch after}
  free: {run: touch free}
  more: {needs: [free], run: touch more}
)");
  EXPECT_EQ(program.run({"run", "-k", "-j1"}).exit_code, 1);
  EXPECT_TRUE(std::filesystem::exists(program.path("more")));
  EXPECT_FALSE(std::filesystem::exists(program.path("after")));
}

TEST(Run, fail_fast_starts_nothing_new_and_kill_ends_what_runs) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  slow: {run: 'touch slow-started; sleep 0.5; touch slow-done'}
  bad: {run: 'while [ ! -e slow-started ]; do sleep 0.01; done; exit 1'}
  next: {needs: [slow], run: touch next}
)");
  EXPECT_EQ(program.run({"run", "-j2"}).exit_code, 1);
  EXPECT_TRUE(std::filesystem::exists(program.path("slow-done")));
  EXPECT_FALSE(std::filesystem::exists(program.path("next")));
  std::filesystem::remove(program.path("slow-done"));
  std::filesystem::remove(program.path("slow-started"));
  const ProgramResult killed = program.run({"run", "-j2", "--fail-fast=kill", "--json"});
  EXPECT_EQ(killed.exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(program.path("slow-done")));
  EXPECT_EQ(stage(killed.json(), "slow")["status"].as_string(), "CANCELLED") << killed.out;
}

TEST(Run, timeout_of_the_run_has_its_own_exit_code) {
  Program program;
  program.write("headway.yaml",
                "version: 1\nstages: {a: {run: sleep 60}, b: {needs: [a], run: x}}\n");
  const ProgramResult result = program.run({"run", "--timeout", "200ms"});
  EXPECT_EQ(result.exit_code, 124) << result.out;
}

TEST(Run, retries_are_shown_and_counted) {
  Program program;
  program.write("headway.yaml", R"(version: 1
stages:
  flaky: {run: 'echo try; test -e once || { touch once; exit 75; }', retries: {max: 2, delay: 10ms}}
)");
  const ProgramResult result = program.run({"run", "--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(stage(result.json(), "flaky")["attempts"].as_integer(), 2);
  EXPECT_TRUE(has(result.err, "attempt 1 failed (exit code 75), again in 10 ms")) << result.err;
}

TEST(Run, program_that_does_not_exist_is_a_failed_stage) {
  Program program;
  program.write("headway.yaml", "version: 1\nstages: {a: {run: [no-such-program]}}\n");
  const ProgramResult result = program.run({"run", "--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(stage(result.json(), "a")["exit_code"].as_integer(), 127) << result.out;
}

TEST(Run, stages_get_facts_and_a_nested_headway_its_own_state_folder) {
  Program program;
  program.write("inner/headway.yaml", "version: 1\nname: inner\nstages: {x: {run: 'true'}}\n");
  program.write("headway.yaml",
                "version: 1\nname: outer\nstages:\n"
                "  facts: {run: 'echo $HEADWAY_WORKFLOW $HEADWAY_STAGE $HEADWAY_TITLE'}\n"
                "  nested: {dir: inner, run: [" HEADWAY_BINARY ", run]}\n");
  program.set("HEADWAY_STATE_DIR", program.path("state"));
  const ProgramResult result = program.run({"run", "-j1", "--title", "A change"});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_TRUE(has(result.out, "outer facts A change\n")) << result.out;
  EXPECT_TRUE(std::filesystem::exists(program.path("inner/.headway/runs")));
  EXPECT_TRUE(std::filesystem::exists(program.path("state/runs")));
  EXPECT_FALSE(std::filesystem::exists(program.path(".headway")));
}

TEST(Run, reader_that_leaves_does_not_end_the_run) {
  Program program;
  program.write("inner.yaml",
                "version: 1\nstages: {a: {run: 'i=0; while [ $i -lt 2000 ]; do echo line $i; "
                "i=$((i+1)); done; touch done'}}\n");
  program.write("headway.yaml",
                "version: 1\nstages: {a: {run: '" HEADWAY_BINARY
                " -f inner.yaml run --output plain | head -1'}}\n");
  EXPECT_EQ(program.run({"run"}).exit_code, 0);
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(program.path("done")); }));
}

TEST(Run, two_runs_at_once_record_everything) {
  Program program;
  program.write("headway.yaml",
                "version: 1\nstages: {a: {run: 'echo a; sleep 0.3'}, b: {run: echo b}}\n");
  std::vector<Program::Process> both;
  both.push_back(program.start({"run", "--json"}));
  both.push_back(program.start({"run", "--json"}));
  for (Program::Process& process : both) {
    EXPECT_EQ(process.wait().exit_code, 0);
  }
  const Json runs = program.run({"runs", "--json"}).json();
  ASSERT_EQ(runs["runs"].items().size(), 2U);
  for (const Json& run : runs["runs"].items()) {
    EXPECT_EQ(run["status"].as_string(), "COMPLETED");
    const Json shown = program.run({"show", run["run_id"].as_string(), "--json"}).json();
    EXPECT_EQ(stage(shown, "a")["status"].as_string(), "COMPLETED");
    EXPECT_EQ(stage(shown, "b")["status"].as_string(), "COMPLETED");
  }
  EXPECT_EQ(program.run({"plan", "--json"}).json()["stages"].items().at(0)["samples"].as_integer(),
            2);
}

TEST(Run, name_that_would_steer_the_terminal_is_escaped) {
  Program program;
  program.write(
      "headway.yaml",
      "version: 1\nname: \"a\\e[2Jb\"\nstages: {x: {name: \"n\\e]0;t\\a\", run: 'exit 1'}}\n");
  for (const auto& words : {std::vector<std::string>{"run"},
                            std::vector<std::string>{"show"},
                            std::vector<std::string>{"status"},
                            std::vector<std::string>{}}) {
    const ProgramResult result = program.run(words);
    EXPECT_FALSE(has(result.out + result.err, "\x1b")) << result.out;
  }
}

}  // namespace
}  // namespace headway
