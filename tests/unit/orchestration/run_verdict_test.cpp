// How a run ended, where several things happened to it.
#include "orchestration/run_verdict.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace headway {
namespace {

void expect_end(const RunIncidents& incidents, RunStatus status, int code, const char* reason) {
  const RunFinished end = judge_run(incidents);
  EXPECT_EQ(end.status, status);
  EXPECT_EQ(end.exit_code, code);
  EXPECT_EQ(end.reason, reason);
}

TEST(RunVerdict, run_to_which_nothing_happened_is_completed) {
  expect_end({}, RunStatus::completed, 0, "");
}

TEST(RunVerdict, weightiest_incident_counts) {
  RunIncidents incidents;
  incidents.missed_sla = true;
  expect_end(incidents, RunStatus::completed, 5, "the lane's target was missed");
  incidents.gate_failed = true;
  expect_end(incidents, RunStatus::failed, 3, "a gate failed");
  incidents.hook_refused = true;
  expect_end(incidents, RunStatus::failed, 4, "a hook refused a stage");
  incidents.stage_failed = true;
  expect_end(incidents, RunStatus::failed, 1, "a stage failed");
  incidents.timed_out = true;
  expect_end(incidents, RunStatus::failed, 124, "the run's timeout passed");
  incidents.cancel_signal = SIGHUP;
  expect_end(incidents, RunStatus::cancelled, 143, "terminated");
  incidents.cancel_signal = SIGINT;
  expect_end(incidents, RunStatus::cancelled, 130, "interrupted");
  incidents.lost_watcher = true;
  expect_end(incidents, RunStatus::interrupted, 70, "Headway's watcher was killed");
}

}  // namespace
}  // namespace headway
