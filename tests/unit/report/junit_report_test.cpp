// Runs as JUnit XML.
#include "report/junit_report.hpp"

#include "support/run_script.hpp"
#include "support/text_search.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

RunState folded(const RunScript& script) {
  RunState state;
  script.tell([&state](const RunEvent& event) { state.apply(event); });
  return state;
}

TEST(JunitReport, every_stage_is_a_case_and_the_counts_agree) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1, {0}), planned("c", 2, {1})});
  script.start(0).at(1500ms).complete(0, 1500ms).start(1).at(2s).fail(1, 500ms, 3);
  script.skip(2, "needs 'b', which failed").finish_run(RunStatus::failed, 1);
  const std::string text = junit_report(folded(script), [](int stage) {
    return stage == 1 ? std::string("line 1\n<line 2>") : std::string("wrong stage");
  });
  for (const char* part :
       {R"(tests="3" failures="1" errors="0" skipped="1" time="2.000")",
        R"(<testcase name="a" classname="demo.standard" time="1.500"/>)",
        R"(<testcase name="b" classname="demo.standard" time="0.500">)",
        "<failure message=\"exit code 3\" type=\"exit_code\">line 1\n&lt;line 2&gt;</failure>",
        R"(<skipped message="needs 'b', which failed"/>)",
        R"(timestamp="2026-11-22T11:00:00.000Z")"}) {
    EXPECT_TRUE(has(text, part)) << part << "\n" << text;
  }
}

TEST(JunitReport, failure_that_is_allowed_turns_nothing_red) {
  PlannedStage lenient = planned("a", 0);
  lenient.allow_failure = true;
  RunScript script;
  script.start_run({lenient}).start(0).at(1s).fail(0, 1s, 3).finish_run(RunStatus::completed, 0);
  const std::string text = junit_report(folded(script));
  EXPECT_TRUE(has(text, R"(failures="0" errors="0" skipped="1")")) << text;
  EXPECT_TRUE(has(text, R"(<skipped message="failed, as it may: exit code 3"/>)")) << text;
}

TEST(JunitReport, stage_that_was_cancelled_is_an_error) {
  RunScript script;
  StageFinished cancelled;
  cancelled.status = StageStatus::cancelled;
  cancelled.reason = "SIGINT";
  script.start_run({planned("a", 0)}).start(0).at(1s).finish(0, cancelled);
  script.finish_run(RunStatus::cancelled, 130);
  const std::string text = junit_report(folded(script));
  EXPECT_TRUE(has(text, R"(errors="1")")) << text;
  EXPECT_TRUE(has(text, R"(<error message="SIGINT" type="CANCELLED"></error>)")) << text;
}

}  // namespace
}  // namespace headway
