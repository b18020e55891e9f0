// How a whole run ended: status, exit code and reason out of what happened. Pure.
#pragma once

#include "model/run_event.hpp"

namespace headway {

// Exit codes of the program (docs/reference/cli.md).
enum class ExitCode : int {
  done = 0,
  stage_failed = 1,
  usage = 2,
  gate_failed = 3,
  hook_refused = 4,
  sla_missed = 5,
  internal = 70,
  timeout = 124,
  interrupted = 130,
  terminated = 143
};

// What happened to a run as a whole.
struct RunIncidents {
  bool lost_watcher = false;  // nobody holds this process any more
  int cancel_signal = 0;      // the first signal that cancelled it
  bool timed_out = false;     // the run's own timeout
  bool stage_failed = false;  // one that may not
  bool hook_refused = false;  // a hook refused a stage that may not fail
  bool gate_failed = false;   // a gate failed a stage that may not fail
  bool missed_sla = false;    // all is well but for the lane's target, which is enforced
};

// The run's last event. Where several things happened, the weightiest counts.
RunFinished judge_run(const RunIncidents& incidents);

}  // namespace headway
