// Runs, folded into WfFormat.
#include "report/wf_report.hpp"

#include "support/run_script.hpp"
#include "timing/wf_trace.hpp"

#include <gtest/gtest.h>

namespace headway {
namespace {

using namespace std::chrono_literals;

RunState folded(const RunScript& script) {
  RunState state;
  script.tell([&state](const RunEvent& event) { state.apply(event); });
  return state;
}

WfTrace reported(const RunScript& script) {
  const auto text = wf_report(folded(script));
  EXPECT_TRUE(text) << text.error().message;
  auto trace = parse_wf_trace(text ? *text : "", "report");
  EXPECT_TRUE(trace) << trace.error().message;
  return trace ? std::move(*trace) : WfTrace();
}

PlannedStage always(std::string key, int stage_id) {
  PlannedStage stage = planned(std::move(key), stage_id);
  stage.always = true;
  return stage;
}

TEST(WfReport, run_has_its_stages_needs_and_times) {
  RunScript script;
  script.start_run({planned("setup", 0), planned("unit", 1, {0}), planned("ship", 2, {0, 1})});
  script.start(0).at(1500ms).complete(0, 1500ms).start(1);
  StageFinished measured;
  measured.duration = 2s;
  measured.usage.cpu = 3s;
  measured.usage.peak_memory_bytes = 4096;
  script.at(3500ms).finish(1, measured).start(2).at(4s).complete(2, 500ms);
  script.finish_run(RunStatus::completed, 0);
  const WfTrace trace = reported(script);
  EXPECT_EQ(trace.name, "demo");
  EXPECT_DOUBLE_EQ(trace.makespan.count(), 4);
  ASSERT_EQ(trace.tasks.size(), 3U);
  EXPECT_EQ(trace.tasks[1].name, "unit");
  EXPECT_DOUBLE_EQ(trace.tasks[1].runtime.count(), 2);
  EXPECT_EQ(trace.tasks[1].memory_bytes, 4096);
  EXPECT_DOUBLE_EQ(trace.tasks[1].cpu_percent, 150);
  EXPECT_EQ(trace.tasks[2].needs, (std::vector<int>{0, 1}));
}

TEST(WfReport, stage_that_never_started_hands_on_its_needs) {
  RunScript script;
  script.start_run({planned("a", 0), planned("off", 1, {0}), planned("b", 2, {1})});
  script.start(0).at(1s).complete(0, 1s).skip(1, "not wanted").start(2).at(2s).complete(2, 1s);
  script.finish_run(RunStatus::completed, 0);
  const WfTrace trace = reported(script);
  ASSERT_EQ(trace.tasks.size(), 2U);
  EXPECT_EQ(trace.tasks[1].name, "b");
  EXPECT_EQ(trace.tasks[1].needs, std::vector<int>{0});
}

TEST(WfReport, always_stage_comes_after_the_last_of_the_others) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1, {0}), planned("c", 2), always("tidy", 3)});
  script.start(0).start(2).at(1s).complete(0, 1s).complete(2, 1s).start(1);
  script.at(2s).complete(1, 1s).start(3).at(3s).complete(3, 1s);
  script.finish_run(RunStatus::completed, 0);
  EXPECT_EQ(reported(script).tasks.at(3).needs, (std::vector<int>{1, 2}));
}

TEST(WfReport, retried_stage_takes_from_its_first_start_to_its_end) {
  RunScript script;
  script.start_run({planned("a", 0)}).start(0);
  script.at(1s).add(StageRetrying{0, 1, FailureKind::exit_code, 1, 0, 1s});
  script.at(2s).start(0, 2);
  StageFinished second;
  second.attempt = 2;
  second.duration = 3s;
  script.at(5s).finish(0, second).finish_run(RunStatus::completed, 0);
  EXPECT_DOUBLE_EQ(reported(script).tasks.at(0).runtime.count(), 5);
}

TEST(WfReport, keys_that_become_the_same_id_stay_apart) {
  RunScript script;
  script.start_run({planned("t[a]", 0), planned("t(a)", 1, {0})});
  script.start(0).at(1s).complete(0, 1s).start(1).at(2s).complete(1, 1s);
  script.finish_run(RunStatus::completed, 0);
  const WfTrace trace = reported(script);
  EXPECT_EQ(trace.tasks.at(0).id, "t_a_");
  EXPECT_EQ(trace.tasks.at(1).id, "t_a_.2");
  EXPECT_EQ(trace.tasks.at(1).name, "t(a)");
}

TEST(WfReport, failed_run_has_what_ran) {
  RunScript script;
  script.start_run({planned("a", 0), planned("b", 1, {0})});
  script.start(0).at(1s).fail(0, 1s, 2).skip(1, "'a' failed");
  script.finish_run(RunStatus::failed, 1);
  EXPECT_EQ(reported(script).tasks.size(), 1U);
}

TEST(WfReport, run_that_goes_on_or_started_nothing_is_refused) {
  RunScript script;
  script.start_run({planned("a", 0)}).start(0);
  EXPECT_EQ(wf_report(folded(script)).error().code, ErrorCode::conflict);
  RunScript empty;
  empty.start_run({planned("a", 0)}).skip(0, "no").finish_run(RunStatus::completed, 0);
  EXPECT_EQ(wf_report(folded(empty)).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace headway
