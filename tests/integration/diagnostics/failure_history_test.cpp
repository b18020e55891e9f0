// Tests of find_failed_stage, past_failures and what is told of them, over records of runs on disk.
#include "diagnostics/failure_history.hpp"

#include "support/recorded_run.hpp"
#include "support/temp_folder.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace headway {
namespace {

using std::chrono::seconds;

constexpr const char* kTests =
    "running the tests\n"
    "--- FAIL: TestReader (0.03s)\n"
    "    reader_test.go:75: expected 3, got 4\n"
    "FAIL\n";
constexpr const char* kCompiler =
    "$ cc -c a.c\n"
    "a.c:3:5: error: expected ';' before '}' token\n"
    "make: *** [a.o] Error 1\n";

// Runs of one stage, "unit", the oldest first.
class RunsOfAStage : public testing::Test {
 protected:
  struct Outcome {
    bool passes = false;
    int attempts = 1;
    std::string commit = "1111111aaaa";
    std::string changed{};  // an input
  };

  void run(const Outcome& outcome, const std::string& log) {
    const std::string number = std::to_string(++runs_);
    std::string id = "019aabcd-0000-7000-8000-000000000000";
    RunScript script(id.replace(id.size() - number.size(), number.size(), number));
    RunStarted start;
    start.workflow = "demo";
    start.stages = {planned("unit", 0)};
    start.repository.commit = outcome.commit;
    script.add(std::move(start));
    for (int attempt = 1; attempt <= outcome.attempts; ++attempt) {
      StageStarted body;
      body.stage = 0;
      body.attempt = attempt;
      body.log = RunFolder::stage_log_name("unit", attempt);
      if (!outcome.changed.empty()) {
        StageCause cause;
        cause.add({.name = outcome.changed});
        body.cause = std::make_shared<const StageCause>(std::move(cause));
      }
      script.add(std::move(body));
    }
    outcome.passes ? script.complete(0, seconds(1)) : script.fail(0, seconds(1), 1);
    const RunFolder folder = recorded_run(state_, script);
    for (int attempt = 1; attempt <= outcome.attempts; ++attempt) {
      const bool passed = outcome.passes && attempt == outcome.attempts;
      spill(folder.stage_log("unit", attempt), passed ? "running the tests\nok\n" : log);
    }
  }
  void fails(const std::string& log = kTests) { run({}, log); }

  // What is told of the newest failed run.
  std::optional<Suggestion> told() const {
    const auto failed = find_failed_stage(state_, "");
    if (!failed) {
      ADD_FAILURE() << failed.error().message;
      return std::nullopt;
    }
    auto log = LogSource::open(failed->log);
    const auto excerpt = find_failing_part(*log, {});
    return suggestion_of_history(*excerpt, past_failures(state_, *failed));
  }

  TempFolder folder_;
  StateFolder state_{folder_ / ".headway"};
  int runs_ = 0;
};

TEST_F(RunsOfAStage, first_failure_ever_has_no_history) {
  fails();
  EXPECT_FALSE(told());
}

TEST_F(RunsOfAStage, same_failure_that_a_retry_ended_is_told) {
  run({.passes = true, .attempts = 2}, kTests);
  fails();
  const auto history = told();
  ASSERT_TRUE(history);
  EXPECT_EQ(history->text, "seen once: it went away on retry");
  EXPECT_EQ(history->id, "history.went_away");
  EXPECT_EQ(history->source, "history");
  EXPECT_NEAR(history->confidence, 2.0 / 3, 1e-9);
  EXPECT_FALSE(history->evidence_lines.empty());
}

TEST_F(RunsOfAStage, endings_are_counted_by_kind) {
  for (int time = 0; time < 3; ++time) {
    run({.passes = true, .attempts = 2}, kTests);
  }
  fails();
  run({.passes = true, .attempts = 1, .commit = "1111111aaaa", .changed = "package-lock.json"}, "");
  fails();
  const auto history = told();
  ASSERT_TRUE(history);
  EXPECT_EQ(history->text, "seen 4 times: 3 went away on retry, 1 after package-lock.json changed");
}

TEST_F(RunsOfAStage, another_commit_is_what_ended_it_where_no_input_is_declared) {
  fails();
  run({.passes = true, .attempts = 1, .commit = "2222222bbbb"}, "");
  run({.passes = false, .attempts = 1, .commit = "2222222bbbb"}, kTests);
  ASSERT_TRUE(told());
  EXPECT_EQ(told()->text, "seen once: it went away with commit 2222222");
}

TEST_F(RunsOfAStage, several_commits_are_told_as_one_ending) {
  for (const char* commit : {"2222222bbbb", "3333333cccc"}) {
    fails();
    run({.passes = true, .attempts = 1, .commit = commit}, "");
  }
  fails();
  ASSERT_TRUE(told());
  EXPECT_EQ(told()->text, "seen 2 times: 2 went away with a later commit");
  EXPECT_EQ(told()->id, "history.seen");
}

TEST_F(RunsOfAStage, no_commit_is_named_where_there_is_no_repository) {
  run({.passes = false, .attempts = 1, .commit = ""}, kTests);
  run({.passes = true, .attempts = 1, .commit = ""}, "");
  run({.passes = false, .attempts = 1, .commit = ""}, kTests);
  ASSERT_TRUE(told());
  EXPECT_EQ(told()->text, "seen once: it went away in a later run");
}

TEST_F(RunsOfAStage, more_than_three_endings_are_summed_up) {
  for (const char* file : {"a.lock", "b.lock", "b.lock", "c.lock", "d.lock"}) {
    fails();
    run({.passes = true, .attempts = 1, .commit = "1111111aaaa", .changed = file}, "");
  }
  fails();
  ASSERT_TRUE(told());
  EXPECT_EQ(told()->text,
            "seen 5 times: 2 went away after b.lock changed, 1 after a.lock changed, "
            "1 after c.lock changed, 1 in other ways");
}

// Two more runs of the same commit did not end it: that it went away says less.
TEST_F(RunsOfAStage, streak_is_ended_once_and_makes_its_ending_less_sure) {
  for (int time = 0; time < 3; ++time) {
    fails();
  }
  run({.passes = true}, "");
  fails();
  ASSERT_TRUE(told());
  EXPECT_EQ(told()->text, "seen 3 times in a row: it went away in a later run of the same commit");
  EXPECT_NEAR(told()->confidence, 2.0 / 5, 1e-9);
}

TEST_F(RunsOfAStage, failures_that_nothing_has_ended_yet_say_nothing) {
  for (int time = 0; time < 4; ++time) {
    fails();
  }
  EXPECT_FALSE(told());
}

TEST_F(RunsOfAStage, failures_since_the_last_green_run_make_its_ending_less_sure) {
  run({.passes = true, .attempts = 2}, kTests);
  fails();
  const double before = told()->confidence;
  fails();
  fails();
  ASSERT_TRUE(told());
  EXPECT_EQ(told()->text,
            "seen once: it went away on retry; since then 2 times more, not ended yet");
  EXPECT_LT(told()->confidence, before);
}

TEST_F(RunsOfAStage, failure_of_another_kind_is_not_counted) {
  fails(kCompiler);
  run({.passes = true}, "");
  fails(kTests);
  EXPECT_FALSE(told());
}

TEST_F(RunsOfAStage, log_of_the_newest_older_green_run_is_found) {
  run({.passes = true}, "");
  fails();
  run({.passes = true}, "");  // newer than the failure
  const auto failed = find_failed_stage(state_, "");
  ASSERT_TRUE(failed);
  EXPECT_TRUE(has(failed->run_id, "0002")) << failed->run_id;
  EXPECT_EQ(failed->facts.exit_code, 1);
  EXPECT_TRUE(has(failed->passing_log, "00001/stages/unit.1.log")) << failed->passing_log;
}

TEST_F(RunsOfAStage, run_in_which_nothing_failed_is_an_error_that_says_so) {
  run({.passes = true}, "");
  const auto failed = find_failed_stage(state_, "0001");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::not_found);
  EXPECT_TRUE(has(failed.error().message, "no stage failed in it"));
}

}  // namespace
}  // namespace headway
