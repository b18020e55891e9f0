// RunState: the fold of events that tells how a run stands. status.json, show, runs and the views
// are made of it. Pure: reads no file and no clock.
#pragma once

#include "model/run_event.hpp"
#include "record/run_document.hpp"
#include "record/status_document.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace headway {

// The exit code of a run that Headway could not close itself.
inline constexpr int kInterruptedExitCode = 70;

// One stage of the run, as far as the events tell.
struct StageState {
  std::shared_ptr<const PlannedStage>
      plan;  // never null in a RunState; shared with RunStarted::stages
  StageStatus status = StageStatus::pending;
  std::string reason;
  int attempts = 0;
  int exit_code = 0;
  int signal = 0;
  FailureKind failure = FailureKind::none;
  std::shared_ptr<const StageCause> cause;  // why it was started; null where it declares no inputs
  bool up_to_date = false;  // not started: nothing has changed since it last succeeded
  Nanos saved{};            // what it took then
  bool has_exit_code = false;
  bool attempt_running = false;        // false also while a retry waits for its delay
  std::optional<WallTime> started_at;  // first attempt
  std::optional<WallTime> completed_at;
  std::optional<Nanos> started_offset;  // from the start of the run, first attempt
  Nanos attempt_started{};              // elapsed at the newest attempt's start
  std::optional<Nanos> paused_since;    // elapsed; the newest attempt stands still
  Nanos paused_for{};                   // it stood still before that; not of its duration
  Nanos duration{};                     // of the last attempt
  Nanos finished_offset{};
  Nanos queue_wait{};
  StageUsage usage;
  std::int64_t output_bytes = 0;
  std::int64_t lost_bytes = 0;

  // It did not run here: it had finished in the run that goes on here.
  bool was_kept() const noexcept { return status == StageStatus::completed && attempts == 0; }
  // Where the last attempt's output is, relative to the run's folder; empty before the first.
  std::string log() const;
};

// How a run stands. Built by apply() alone.
struct RunState {
  std::string run_id;
  RunStarted start;  // stages moved into `stages`
  std::vector<StageState> stages;
  RunStatus status = RunStatus::none;
  int exit_code = 0;
  std::string reason;
  // Position of the stage that failed first, of those whose failure fails the run.
  std::optional<int> first_failure;
  std::optional<RemainingEstimate> estimate;
  Nanos estimate_at{};  // elapsed when it was made
  WallTime started_at{}, updated_at{};
  Nanos elapsed{};  // of the newest event
  // `running` counts attempts under way; `finished` the stages that will not run any more.
  int jobs = 0, running = 0, peak_running = 0, finished = 0;
  std::int64_t last_seq = 0;

  // What the repository stood on at first, then what stages with side effects made of it. A commit
  // that anybody else makes meanwhile is not in it.
  std::string commit;

  // What the gates came to, in order; of a stage that was repeated only of its last attempt.
  std::vector<GateChecked> gates;

  // What the hooks came to, in order.
  std::vector<HookChecked> hooks;

  // Why the stage that failed first did so; where that was told.
  std::optional<FailureExplained> explained;

  // What the stages that are up to date took when they last succeeded, together.
  Nanos saved{};

  // Constant time for every event but run_started, and stage_started of a further attempt (the
  // gates so far). Events about stages that are not in the plan only move the time on.
  void apply(const RunEvent& event);

  // The run was closed, by itself or for it.
  bool ended() const noexcept { return status > RunStatus::running; }
  // Of the last attempt; of a running one: so far, as of the newest event.
  Nanos duration_so_far(const StageState& stage) const noexcept;
};

// Of a run that ended: the chain of stages that bound its duration: from the last to finish back
// through the need that finished last. In the order they ran; empty where nothing was started.
std::vector<int> observed_critical_path(const RunState& state);

// A run that never finished and whose lock is free: what was running is INTERRUPTED, what had not
// started is PENDING still. A run that ended is left as it is.
void mark_interrupted(RunState& state);

}  // namespace headway
