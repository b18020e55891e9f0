// The lines that views share.
#include "cli/views/run_view.hpp"

#include "support/run_script.hpp"

#include <gtest/gtest.h>

namespace headway::cli {
namespace {

using std::chrono::seconds;

const PlannedStage kUnit = planned("unit", 0);

StageFinished ended(StageStatus status, FailureKind failure) {
  StageFinished body;
  body.status = status;
  body.failure = failure;
  body.duration = seconds(3);
  return body;
}

TEST(StageEndLine, success_and_failure_say_how_long_and_why) {
  StageFinished end = ended(StageStatus::completed, FailureKind::none);
  EXPECT_EQ(stage_end_line(kUnit, end, Paint()), "== unit: completed in 3.0 s");
  end = ended(StageStatus::failed, FailureKind::exit_code);
  end.exit_code = 7;
  EXPECT_EQ(stage_end_line(kUnit, end, Paint()), "== unit: FAILED (exit code 7) after 3.0 s");
}

TEST(StageEndLine, failure_that_is_allowed_says_so) {
  PlannedStage lint = planned("lint", 0);
  lint.allow_failure = true;
  StageFinished end = ended(StageStatus::failed, FailureKind::signal);
  end.signal = 9;
  EXPECT_EQ(stage_end_line(lint, end, Paint()), "== lint: FAILED (SIGKILL, allowed) after 3.0 s");
}

TEST(StageEndLine, cancelled_stage_is_neither) {
  const StageFinished end = ended(StageStatus::cancelled, FailureKind::cancelled);
  EXPECT_EQ(stage_end_line(kUnit, end, Paint()), "== unit: CANCELLED after 3.0 s");
}

TEST(StageEndLine, reason_that_a_start_failed_is_made_harmless) {
  StageFinished end = ended(StageStatus::failed, FailureKind::start_failed);
  end.reason = "no program 'a\x1b[2J'";
  EXPECT_EQ(stage_end_line(kUnit, end, Paint()),
            "== unit: FAILED (no program 'a\\x1b[2J') after 3.0 s");
}

TEST(StageRetryLine, says_which_attempt_failed_and_when_the_next_comes) {
  const StageRetrying retry{.stage = 0,
                            .attempt = 2,
                            .failure = FailureKind::timeout,
                            .exit_code = 0,
                            .signal = 0,
                            .delay = seconds(4)};
  EXPECT_EQ(stage_retry_line(kUnit, retry, Paint()),
            "== unit: attempt 2 failed (timeout), again in 4.0 s");
}

TEST(RunStartLine, says_what_runs_and_how_many_at_once) {
  RunScript script;
  script.start_run({planned("a", 0)});
  const RunEvent& event = script.events().front();
  EXPECT_EQ(run_start_line(event, std::get<RunStarted>(event.body), Paint()),
            "== run 0000abcd: demo, lane standard, 1 stage, up to 4 at once");
}

TEST(CancellingLine, says_what_happens_to_what_runs) {
  EXPECT_EQ(cancelling_line({"Ctrl-C", 2, false}, Paint()),
            "== cancelling (Ctrl-C): waiting for running stages; once more kills them");
  EXPECT_EQ(cancelling_line({"Ctrl-C", 2, true}, Paint()),
            "== cancelling (Ctrl-C): everything is killed now");
}

}  // namespace
}  // namespace headway::cli
