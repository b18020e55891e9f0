// Session: `headway run` as the library has it: run folder, lock, record, history, logger, backend
// and orchestrator put together. Formats no output: views are observers and listeners that the
// caller brings.
#pragma once

#include "execution/backend.hpp"
#include "headway/result.hpp"
#include "model/run_event.hpp"
#include "orchestration/orchestrator.hpp"
#include "orchestration/run_plan.hpp"
#include "record/run_state.hpp"

#include <functional>
#include <string>
#include <vector>

namespace headway {

// What the caller brings.
struct SessionOptions {
  std::string run_id;
  std::vector<RunObserver*> observers;  // after the record's own
  OutputListener* listener = nullptr;
  std::function<void(const std::string& run_folder)>
      on_folder;  // called once the folder exists (tell the watcher)
  std::function<void(const std::string& text)>
      on_trouble;  // a record or history that cannot be written: told, never fatal
  std::function<void()> before_terminal = {};  // as OrchestratorSeams::before_terminal
  SecretSet secrets;
  std::vector<std::string> environment;  // of this process, "NAME=value"
  bool own_process = true;               // signals and orphans are ours (the worker)
};

// What is left after a run.
struct SessionResult {
  RunOutcome outcome;
  RunFolder folder;
  RunState state;  // folded from all events
};

// Runs the plan with everything recorded. Error: the record could not be begun (exit 70 or 2),
// nothing has run then.
Result<SessionResult> run_session(const RunPlan& plan, SessionOptions options);

// The environment of this process, and its secrets under the workflow's `secrets:` (with the
// workflow's own env).
std::vector<std::string> process_environment();
SecretSet workflow_secrets(const Workflow& workflow, const std::vector<std::string>& environment);

}  // namespace headway
