// Orchestrator::State: what a run in flight consists of. orchestrator.cpp has the loop and the ends
// of attempts, orchestrator_turns.cpp what stands between an order to begin and the start. For
// these two alone.
#pragma once

#include "orchestration/begun_stages.hpp"
#include "orchestration/commit_watch.hpp"
#include "orchestration/event_emitter.hpp"
#include "orchestration/held_locks.hpp"
#include "orchestration/orchestrator.hpp"
#include "orchestration/run_estimate.hpp"
#include "orchestration/run_governor.hpp"
#include "orchestration/run_verdict.hpp"
#include "orchestration/stage_gates.hpp"
#include "orchestration/stage_hooks.hpp"
#include "orchestration/stage_launch.hpp"
#include "orchestration/stage_runs.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace headway {

// How often progress is told first, and how often a lock that another run holds is tried.
inline constexpr Nanos kFirstTick = std::chrono::milliseconds(50);
inline constexpr Nanos kLockPoll = std::chrono::milliseconds(100);
// What is looked at beside the run: how long it is waited for while nothing else is to be done
// (most takes less).
inline constexpr Nanos kPatience = std::chrono::microseconds(500);

// The whole run in flight.
struct Orchestrator::State {
  State(const RunPlan& the_plan, RunIdentity the_identity, OrchestratorSeams seams);

  RunOutcome run();
  void begin();
  void step();
  void look_around();
  void count_starts();
  void obey();
  void obey(const StageOrder& order);
  void tell_resumed();
  void hold_for_inputs();
  bool let_go_checked();
  bool is_looked_at(const StageOrder& order) const;
  bool is_answered_by_inputs(const StageOrder& order);
  bool is_answered_by_condition(const StageOrder& order);
  bool is_answered_by_earlier_run(const StageOrder& order);
  std::shared_ptr<const StageCause> cause_of(const StageOrder& order) const;
  void begin_attempt(const StageOrder& order);
  void wait_in_turn(const StageOrder& order);
  void pass_hooks(const StageOrder& order);
  void pass_marks(const StageOrder& order);
  Result<int> start(const Launch& launch);
  void launch(const StageOrder& order);
  bool take_locks(const StageOrder& order);
  void give_back(int task);
  void ended(const Exit& exit);
  void settle(GatedEnd end);
  bool settle_checked();
  bool let_go_hooked();
  bool let_go_marked();
  bool ended_by_itself(int task) const { return runs.record(task).ended_by == EndedBy::nobody; }
  void woken(const Wakeup& wakeup);
  void cancel(std::string reason, int signal, bool immediate);
  void lose_watcher();
  void poll_locks();
  void tick();
  void tell_failure(Nanos patience);
  Nanos next_wakeup() const;
  RunOutcome finish();

  const RunPlan& plan;
  RunIdentity identity;
  Backend& backend;
  RunJobServer* jobserver;  // may be null
  std::function<void()> before_terminal;
  InputChecks* inputs;          // may be null
  FailureExplainer* explainer;  // may be null
  EventEmitter emitter;
  StageRuns runs;
  RunGovernor governor;
  RunEstimate estimate;
  StageLaunches launches;
  StageHooks hooks;
  StageGates gates;
  HeldLocks locks;
  std::vector<std::int64_t> output_told;  // bytes, by task
  std::vector<Nanos> checked_at;          // by task: when its inputs were last looked at
  // By task: what has its turn, and waits for a look at its inputs or its reports.
  std::map<int, StageOrder> in_turn;
  BegunStages begun;
  CommitWatch commits;
  std::vector<Exit> exits;
  std::vector<Wakeup> wakeups;
  Nanos next_tick = kFirstTick, next_lock_poll{};
  Nanos news_at{};  // when something last happened in the run
  RunIncidents incidents;
};

}  // namespace headway
