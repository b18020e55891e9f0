// Stages that declare what they read, as a person meets them: run, plan, why.
#include "support/headway_program.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace headway {
namespace {

// Counts its own runs in the file NAME.runs.
const char* const kFile = R"(version: 1
stages:
  build:
    run: 'echo x >> build.runs; cat src/* > app'
    inputs: [src/**]
    outputs: [app]
  test:
    needs: [build]
    run: 'echo x >> test.runs; grep -q one app'
    inputs: [app]
  free: {run: 'echo x >> free.runs'}
)";

class Inputs : public testing::Test {
 protected:
  Inputs() {
    program_.write("headway.yaml", kFile);
    program_.write("src/a", "one\n");
  }
  long runs_of(const std::string& stage) {
    const std::string text = program_.read(stage + ".runs");
    return std::count(text.begin(), text.end(), '\n');
  }
  Json stage_of(const ProgramResult& result, const std::string& key) {
    const Json document = result.json();
    for (const Json& stage : document["stages"].items()) {
      if (stage["key"].as_string() == key) {
        return stage;
      }
    }
    return {};
  }

  Program program_;
};

TEST_F(Inputs, unchanged_content_skips_the_stage_and_tells_the_time_that_is_saved) {
  ASSERT_EQ(program_.run({"run"}).exit_code, 0);
  const ProgramResult second = program_.run({"run", "--json"});
  EXPECT_EQ(second.exit_code, 0);
  EXPECT_EQ(runs_of("build"), 1);
  EXPECT_EQ(runs_of("test"), 1);
  EXPECT_EQ(runs_of("free"), 2);
  const Json build = stage_of(second, "build");
  EXPECT_EQ(build["status"].as_string(), "SKIPPED");
  EXPECT_TRUE(has(build["reason"].as_string(), "up to date: 1 input unchanged since run "));
  EXPECT_GT(build["saved_seconds"].as_number(), 0);
  EXPECT_TRUE(stage_of(second, "free")["saved_seconds"].is_null());
  EXPECT_GT(second.json()["saved_seconds"].as_number(), 0);
  EXPECT_EQ(second.json()["status"].as_string(), "COMPLETED");
  EXPECT_TRUE(has(second.err, "1 completed, 2 up to date, ")) << second.err;
  EXPECT_TRUE(has(second.err, "of work saved")) << second.err;
}

TEST_F(Inputs, what_did_not_run_teaches_the_history_nothing) {
  for (int i = 0; i < 3; ++i) {
    program_.run({"run", "-q"});
  }
  const Json plan = program_.run({"plan", "--force", "--json"}).json();
  ASSERT_EQ(plan["stages"].items().size(), 3U);
  for (const Json& stage : plan["stages"].items()) {
    const bool is_free = stage["key"].as_string() == "free";
    EXPECT_EQ(stage["samples"].as_integer(), is_free ? 3 : 1) << stage["key"].as_string();
  }
}

TEST_F(Inputs, change_runs_what_reads_it_and_stops_where_the_content_is_the_same) {
  program_.run({"run", "-q"});
  program_.write("src/b", "");
  EXPECT_EQ(program_.run({"run", "-q"}).exit_code, 0);
  EXPECT_EQ(runs_of("build"), 2);
  EXPECT_EQ(runs_of("test"), 1) << "app has the same bytes";
  program_.write("src/b", "two\n");
  program_.run({"run", "-q"});
  EXPECT_EQ(runs_of("test"), 2);
}

TEST_F(Inputs, deleted_output_and_force_run_again) {
  program_.run({"run", "-q"});
  std::filesystem::remove(program_.path("app"));
  program_.run({"run", "-q"});
  EXPECT_EQ(runs_of("build"), 2);
  EXPECT_EQ(runs_of("test"), 1);
  program_.run({"run", "-q", "--force"});
  EXPECT_EQ(runs_of("build"), 3);
  EXPECT_EQ(runs_of("test"), 2);
}

TEST_F(Inputs, failure_is_not_remembered) {
  program_.write("src/a", "three\n");
  EXPECT_EQ(program_.run({"run", "-q"}).exit_code, 1);
  EXPECT_EQ(program_.run({"run", "-q"}).exit_code, 1);
  EXPECT_EQ(runs_of("build"), 1);
  EXPECT_EQ(runs_of("test"), 2);
}

TEST_F(Inputs, plan_says_what_need_not_run_and_what_would_and_why) {
  program_.run({"run", "-q"});
  EXPECT_TRUE(has(program_.run({"plan"}).out, "need not run:\n  build  up to date: 1 input"));
  const Json plan = program_.run({"run", "--dry-run", "--json"}).json();
  ASSERT_EQ(plan["skipped"].items().size(), 2U);
  EXPECT_EQ(plan["skipped"].items()[0]["key"].as_string(), "build");
  EXPECT_EQ(plan["stages"].items().size(), 1U);
  program_.write("src/b", "two\n");
  const std::string changed = program_.run({"plan"}).out;
  EXPECT_TRUE(has(changed, "input src/b is new")) << changed;
  EXPECT_TRUE(has(changed, "up to date unless 'build' changes what it reads")) << changed;
}

TEST_F(Inputs, why_tells_the_reason_of_the_newest_or_a_named_run) {
  const Json first = program_.run({"run", "--json"}).json();
  EXPECT_TRUE(has(program_.run({"why", "build"}).out, "no run of it that succeeded is known"));
  program_.write("src/a", "one \n");
  program_.run({"run", "-q"});
  const std::string text = program_.run({"why", "build"}).out;
  EXPECT_TRUE(has(text, "'build' ran: COMPLETED after ")) << text;
  EXPECT_TRUE(has(text, "  why     input src/a changed\n")) << text;
  const Json why = program_.run({"why", "build", "--json"}).json();
  EXPECT_EQ(why["cause"]["kind"].as_string(), "inputs_changed");
  EXPECT_EQ(why["cause"]["changes"].items().at(0)["name"].as_string(), "src/a");
  program_.run({"run", "-q"});
  EXPECT_TRUE(has(program_.run({"why", "test"}).out, "'test' did not run: SKIPPED"));
  const Json old =
      program_.run({"why", "build", "--run", first["run_id"].as_string(), "--json"}).json();
  EXPECT_EQ(old["cause"]["kind"].as_string(), "first_run");
}

TEST_F(Inputs, why_without_runs_with_unknown_stages_and_for_ordinary_ones) {
  EXPECT_EQ(program_.run({"why"}).exit_code, 2);
  EXPECT_EQ(program_.run({"why", "build"}).out, "no runs yet\n");
  program_.run({"run", "-q"});
  const ProgramResult unknown = program_.run({"why", "biuld"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_TRUE(has(unknown.err, "did you mean 'build'?")) << unknown.err;
  EXPECT_TRUE(has(program_.run({"why", "free"}).out, "it declares no inputs"));
  EXPECT_TRUE(has(program_.run({"why", "test"}).out, "for what it needs; last came build"));
}

TEST_F(Inputs, glob_without_a_file_is_told_and_all_without_one_always_runs) {
  program_.write("headway.yaml",
                 "version: 1\nstages: {a: {run: 'echo x >> a.runs', inputs: ['scr/**']}}\n");
  const ProgramResult first = program_.run({"run", "-q"});
  EXPECT_TRUE(has(first.err, "headway: inputs: stage 'a': no file matches 'scr/**'")) << first.err;
  EXPECT_TRUE(has(first.err, "will run again, its success is not remembered: its inputs match no"))
      << first.err;
  program_.run({"run", "-q"});
  EXPECT_EQ(runs_of("a"), 2);
}

TEST_F(Inputs, two_runs_at_once_leave_a_state_that_the_third_can_use) {
  auto one = program_.start({"run", "-q"});
  auto other = program_.start({"run", "-q"});
  one.wait();
  other.wait();
  program_.run({"run", "-q"});
  const long so_far = runs_of("build");
  EXPECT_EQ(program_.run({"run", "-q"}).exit_code, 0);
  EXPECT_EQ(runs_of("build"), so_far);
}

TEST_F(Inputs, chain_of_many_stages_that_are_up_to_date_is_quick_and_whole) {
  std::string file = "version: 1\nstages:\n";
  for (int i = 0; i < 60; ++i) {
    file += "  s" + std::to_string(i) + ": {run: 'echo x >> all.runs', inputs: [src/a]";
    file += i == 0 ? "}\n" : ", needs: [s" + std::to_string(i - 1) + "]}\n";
  }
  program_.write("headway.yaml", file);
  ASSERT_EQ(program_.run({"run", "-q"}).exit_code, 0);
  const ProgramResult again = program_.run({"run", "--json"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(runs_of("all"), 60);
  EXPECT_EQ(again.json()["stages"].items().at(59)["status"].as_string(), "SKIPPED");
}

TEST_F(Inputs, first_interrupt_while_inputs_are_read_ends_the_run) {
  program_.write("headway.yaml",
                 "version: 1\nstages:\n  slow: {run: sleep 60}\n"
                 "  late: {run: 'true', needs: [slow], inputs: [src/**]}\n");
  auto process = program_.start({"run", "-q"});
  ASSERT_TRUE(eventually([&] {
    const auto status = program_.run({"status", "--json"}).json();
    return !status["stages"].items().empty() &&
           status["stages"].items()[0]["status"].as_string() == "RUNNING";
  }));
  process.send(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_TRUE(has(program_.run({"why", "late"}).out, "CANCELLED"));
}

}  // namespace
}  // namespace headway
