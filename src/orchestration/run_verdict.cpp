// See run_verdict.hpp.
#include "orchestration/run_verdict.hpp"

#include <csignal>

namespace headway {
namespace {

RunFinished end_of(RunStatus status, ExitCode code, const char* reason) {
  return {status, static_cast<int>(code), reason};
}

}  // namespace

RunFinished judge_run(const RunIncidents& incidents) {
  if (incidents.lost_watcher) {
    return end_of(RunStatus::interrupted, ExitCode::internal, "Headway's watcher was killed");
  }
  if (incidents.cancel_signal == SIGINT) {
    return end_of(RunStatus::cancelled, ExitCode::interrupted, "interrupted");
  }
  if (incidents.cancel_signal != 0) {
    return end_of(RunStatus::cancelled, ExitCode::terminated, "terminated");
  }
  if (incidents.timed_out) {
    return end_of(RunStatus::failed, ExitCode::timeout, "the run's timeout passed");
  }
  if (incidents.stage_failed) {
    return end_of(RunStatus::failed, ExitCode::stage_failed, "a stage failed");
  }
  if (incidents.hook_refused) {
    return end_of(RunStatus::failed, ExitCode::hook_refused, "a hook refused a stage");
  }
  if (incidents.gate_failed) {
    return end_of(RunStatus::failed, ExitCode::gate_failed, "a gate failed");
  }
  if (incidents.missed_sla) {
    return end_of(RunStatus::completed, ExitCode::sla_missed, "the lane's target was missed");
  }
  return end_of(RunStatus::completed, ExitCode::done, "");
}

}  // namespace headway
