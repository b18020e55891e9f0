// Status of a run: a file that says at any moment how it stands, for programs that run stages by
// themselves, and the reading of such files. `headway run` writes the same format.
// layer: record
#pragma once

#include "headway/owned.hpp"
#include "headway/result.hpp"
#include "headway/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

class Clock;

// One stage as a status file tells of it.
struct StatusStage {
  int stage_id = 0;
  std::string name{};
  std::string key{};  // empty: the name
  StageStatus status = StageStatus::pending;
  std::optional<WallTime> started_at{};
  std::optional<WallTime> completed_at{};
  std::optional<Seconds> duration{};  // of the last attempt; of a running one: so far
  int attempts = 0;
  std::optional<int> exit_code{};
};

// What is left of a run: the median, and the interval that holds it with 80 %.
struct StatusRemaining {
  Seconds expected{}, p10{}, p90{};
};

// How a run stands.
struct WorkflowStatus {
  std::string workflow_id{}, run_id{};
  std::string workflow = "default";
  std::string lane = "standard";
  StageStatus status = StageStatus::running;  // of the whole run; never pending or skipped
  std::optional<int> stage_id{};              // of the running stage, else of the last to end
  std::optional<WallTime> started_at{}, updated_at{};
  Seconds elapsed{};
  std::optional<StatusRemaining> remaining{};  // nothing: not known
  std::optional<Seconds> sla_target{};
  std::optional<bool> within_sla{};
  std::optional<double> sla_risk{};  // 0 to 1: the chance of taking longer than the target
  std::vector<StatusStage> stages{};
};

// What is known before a run: of the stages only number, name and key are taken.
struct StatusOptions {
  std::string workflow_id{};  // free text; empty: the run's id
  std::string workflow = "default";
  std::string lane = "standard";
  std::optional<Seconds> sla_target{};
  std::vector<StatusStage> stages{};
};

// Keeps one status file (docs/reference/files.md, "status.json"). After each call the file says how
// the run stands: it is written beside itself, synced and renamed, so a reader sees it whole. One
// tracker writes to a path. Errors of a call are a stage that there is not (not_found), a step
// that cannot follow (conflict), or the file (io); after the last one the run is known all the
// same. Safe from any thread.
class StatusTracker {
 public:
  // Error invalid_argument: two stages of one number, a negative number, or a target that is no
  // time.
  static Result<StatusTracker> create(std::string path, StatusOptions options = {});
  // The same with another clock, which must outlive it.
  static Result<StatusTracker> create(std::string path, StatusOptions options, const Clock& clock);
  StatusTracker(StatusTracker&&) noexcept;
  StatusTracker& operator=(StatusTracker&&) noexcept;
  // A run that was not finished is INTERRUPTED.
  ~StatusTracker();

  // An attempt begins; again after one has ended.
  [[nodiscard]] Result<void> start_stage(int stage_id);
  // A running stage ends as completed, failed or cancelled; one that did not start is skipped.
  [[nodiscard]] Result<void> complete_stage(int stage_id,
                                            StageStatus status = StageStatus::completed);
  [[nodiscard]] Result<void> complete_stage(int stage_id, StageStatus status, int exit_code);
  // What is thought to be left; `sla_risk` follows from it.
  [[nodiscard]] Result<void> set_remaining(StatusRemaining remaining);
  // Completed, failed or cancelled. What still runs is cancelled. Nothing can follow.
  [[nodiscard]] Result<void> finish(StageStatus status = StageStatus::completed);

  // How it stands, as of the last call.
  WorkflowStatus status() const;
  const std::string& path() const noexcept;

 private:
  struct State;
  explicit StatusTracker(Owned<State> state);

  Owned<State> state_;
};

// A status file: of `headway run`, of a StatusTracker, or of the original, which has no `format`
// and may spell its fields as its histories do (stage_name, start_time, end_time). Error not_found
// or io: the file; parse: the place in it, or a newer format.
Result<WorkflowStatus> read_status(const std::string& path);
// The same from a text.
Result<WorkflowStatus> parse_status(std::string_view text);

}  // namespace headway
