// Orchestrator: a whole run, from its plan to its last event. Makes the ids and the events; drives
// the scheduler with a backend. Formats no output, reads no file of the record.
#pragma once

#include "base/clock.hpp"
#include "execution/backend.hpp"
#include "host/resource_probe.hpp"
#include "model/run_event.hpp"
#include "orchestration/failure_explainer.hpp"
#include "orchestration/input_checks.hpp"
#include "orchestration/run_jobserver.hpp"
#include "orchestration/run_plan.hpp"
#include "orchestration/run_verdict.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace headway {

// What a run is built on. All must outlive the orchestrator.
struct OrchestratorSeams {
  const Clock& clock;
  Backend& backend;
  std::vector<RunObserver*> observers;  // told in this order
  ResourceProbe* probe = nullptr;       // null: the plan's limits stand
  RunJobServer* jobserver = nullptr;    // may be null
  InputChecks* inputs = nullptr;        // one of the observers; null: nothing is up to date
  // What the repository stands on just now; empty: not known.
  std::function<std::string()> commit = {};
  // Called before a stage gets the terminal, when all that is known was told; may be empty.
  std::function<void()> before_terminal = {};
  FailureExplainer* explainer = nullptr;  // one of the observers; null: failures are not explained
};

// Facts that the run's first event and the stages' environments carry.
struct RunIdentity {
  std::string run_id;
  std::string run_folder;  // stage logs lie below it
  std::string version, user;
  MachineFacts machine;
  RepositoryFacts repository;
  std::vector<std::string> environment;  // "NAME=value" that stages inherit
  int pid = 0;                           // of this process
};

// How it ended.
struct RunOutcome {
  RunStatus status = RunStatus::none;
  int exit_code = 0;
};

// Runs a plan once. Single-threaded; run() returns when nothing of it is left running.
class Orchestrator {
 public:
  Orchestrator(const RunPlan& plan, RunIdentity identity, OrchestratorSeams seams);
  ~Orchestrator();

  RunOutcome run();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headway
