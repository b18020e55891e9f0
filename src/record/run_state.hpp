// RunState: the fold of events that tells how a run stands. status.json, show, runs and the views
// are made of it. Pure: reads no file and no clock.
#pragma once

#include "base/json_writer.hpp"
#include "model/run_event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headway {

// One stage of the run, as far as the events tell.
struct StageState {
  PlannedStage plan;
  StageStatus status = StageStatus::pending;
  std::string reason;
  int attempts = 0;
  int exit_code = 0;
  int signal = 0;
  FailureKind failure = FailureKind::none;
  bool has_exit_code = false;
  std::optional<WallTime> started_at;  // first attempt
  std::optional<WallTime> completed_at;
  std::optional<Nanos> started_offset;  // from the start of the run, first attempt
  Nanos attempt_started{};              // elapsed at the newest attempt's start
  Nanos duration{};                     // of the last attempt
  Nanos finished_offset{};
  Nanos queue_wait{};
  StageUsage usage;
  std::string log;  // relative to the run's folder
  std::int64_t output_bytes = 0;
  std::int64_t lost_bytes = 0;
};

// How a run stands. Built by apply() alone.
struct RunState {
  std::string run_id;
  RunStarted start;  // stages moved into `stages`
  std::vector<StageState> stages;
  RunStatus status = RunStatus::none;
  int exit_code = 0;
  std::string reason;
  std::optional<int> first_failure;  // position of the stage that failed first
  std::optional<RemainingEstimate> estimate;
  Nanos estimate_at{};  // elapsed when it was made
  WallTime started_at{}, updated_at{};
  Nanos elapsed{};  // of the newest event
  int jobs = 0, running = 0, peak_running = 0, finished = 0;
  std::int64_t last_seq = 0;

  void apply(const RunEvent& event);
};

// Of a run that ended: the chain of stages that bound its duration: from the last to finish back
// through the need that finished last.
std::vector<int> observed_critical_path(const RunState& state);

// The document of `run --json` and `show --json` (spec/json.md), without a trailing newline.
// `folder` is the run's.
std::string run_document(const RunState& state,
                         const std::string& folder,
                         const SecretSet& secrets);

// status.json (spec/change-process.md), with a trailing newline.
std::string status_document(const RunState& state, const SecretSet& secrets);

// A run that never finished and whose lock is free: what was running is INTERRUPTED, what had not
// started is PENDING still.
void mark_interrupted(RunState& state);

}  // namespace headway
