// StatusTracker: a run told as events to the same fold that `headway run` uses, and its document
// written after each. Knows nothing of what the stages do.
#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/mutex.hpp"
#include "base/secrets.hpp"
#include "base/uuid.hpp"
#include "headway/status.hpp"
#include "record/run_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace headway {
namespace {

constexpr double kLongestSeconds = 3.2e9;  // a century
constexpr int kFailed = 1;

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

Nanos nanos_of(Seconds span) {
  return std::chrono::duration_cast<Nanos>(Seconds(std::clamp(span.count(), 0.0, kLongestSeconds)));
}

bool is_time(Seconds span) noexcept {
  return std::isfinite(span.count()) && span.count() >= 0;
}

Error refused(std::string what) {
  return {ErrorCode::invalid_argument, "track a status: " + std::move(what)};
}

Result<std::vector<PlannedStage>> planned(const StatusOptions& options) {
  std::vector<PlannedStage> stages;
  for (const StatusStage& stage : options.stages) {
    const bool is_known =
        std::any_of(stages.begin(), stages.end(), [&stage](const PlannedStage& other) {
          return other.stage_id == stage.stage_id;
        });
    if (stage.stage_id < 0 || is_known) {
      return refused(fmt::format(
          "stage {} {}", stage.stage_id, is_known ? "is there twice" : "is no number of a stage"));
    }
    PlannedStage& plan = stages.emplace_back();
    plan.key = stage.key.empty() ? stage.name : stage.key;
    plan.stage_id = stage.stage_id;
    plan.name = stage.name;
  }
  return stages;
}

RunStatus run_status(StageStatus status) {
  return status == StageStatus::completed ? RunStatus::completed
         : status == StageStatus::failed  ? RunStatus::failed
                                          : RunStatus::cancelled;
}

}  // namespace

// What is guarded is the run so far; the rest never changes.
struct StatusTracker::State {
  State(std::string the_path, const Clock& the_clock)
      : path(std::move(the_path)), clock(the_clock), began(the_clock.monotonic()) {}

  const std::string path;
  const Clock& clock;
  const Nanos began;
  Mutex mutex;
  RunState run HEADWAY_GUARDED_BY(mutex);

  void tell(RunEventBody body) HEADWAY_REQUIRES(mutex) {
    run.apply({.seq = run.last_seq + 1,
               .time = clock.wall(),
               .elapsed = clock.monotonic() - began,
               .run_id = run.run_id,
               .body = std::move(body)});
  }

  Result<void> write() HEADWAY_REQUIRES(mutex) {
    return write_file_atomically(path, status_document(run, SecretSet()), Durability::power);
  }

  // The position of that stage, in a run that goes on.
  Result<int> find(int stage_id) HEADWAY_REQUIRES(mutex) {
    if (run.ended()) {
      return Error{ErrorCode::conflict, fmt::format("move stage {}: the run has ended", stage_id)};
    }
    const auto found = std::find_if(run.stages.begin(), run.stages.end(), [&](const auto& stage) {
      return stage.plan->stage_id == stage_id;
    });
    if (found == run.stages.end()) {
      return Error{ErrorCode::not_found, fmt::format("find stage {} of this run", stage_id)};
    }
    return static_cast<int>(found - run.stages.begin());
  }

  Result<void> start(int stage_id) {
    const MutexLock lock(mutex);
    const auto position = find(stage_id);
    if (!position) {
      return position.error();
    }
    const StageState& stage = run.stages[static_cast<std::size_t>(*position)];
    if (stage.status == StageStatus::running) {
      return Error{ErrorCode::conflict, fmt::format("start stage {}: it is running", stage_id)};
    }
    tell(StageStarted{*position, stage.attempts + 1, 0, 0, ""});
    return write();
  }

  Result<void> complete(int stage_id, StageStatus status, std::optional<int> exit_code) {
    const MutexLock lock(mutex);
    const auto position = find(stage_id);
    if (!position) {
      return position.error();
    }
    const StageState& stage = run.stages[static_cast<std::size_t>(*position)];
    const bool can_follow =
        stage.status == StageStatus::running
            ? status == StageStatus::completed || status == StageStatus::failed ||
                  status == StageStatus::cancelled
            : stage.status == StageStatus::pending &&
                  (status == StageStatus::skipped || status == StageStatus::cancelled);
    if (!can_follow) {
      return Error{
          ErrorCode::conflict,
          fmt::format(
              "make stage {} {}: it is {}", stage_id, to_string(status), to_string(stage.status))};
    }
    end(*position, status, exit_code);
    return write();
  }

  void end(int position, StageStatus status, std::optional<int> exit_code) HEADWAY_REQUIRES(mutex) {
    const StageState& stage = run.stages[static_cast<std::size_t>(position)];
    if (stage.status != StageStatus::running) {
      tell(StageSkipped{position, status, ""});
      return;
    }
    const FailureKind failure = status == StageStatus::cancelled   ? FailureKind::cancelled
                                : status == StageStatus::completed ? FailureKind::none
                                : exit_code                        ? FailureKind::exit_code
                                                                   : FailureKind::exception;
    StageFinished body;
    body.stage = position;
    body.attempt = stage.attempts;
    body.status = status;
    body.failure = failure;
    body.exit_code = exit_code.value_or(0);
    body.duration = clock.monotonic() - began - stage.attempt_started;
    tell(std::move(body));
  }

  Result<void> finish(StageStatus status) {
    const MutexLock lock(mutex);
    const bool is_end = status == StageStatus::completed || status == StageStatus::failed ||
                        status == StageStatus::cancelled;
    if (run.ended() || !is_end) {
      return Error{ErrorCode::conflict,
                   fmt::format("make the run {}: {}",
                               to_string(status),
                               run.ended() ? "it has ended" : "that is no end of a run")};
    }
    for (std::size_t position = 0; position < run.stages.size(); ++position) {
      if (run.stages[position].status == StageStatus::running) {
        end(static_cast<int>(position), StageStatus::cancelled, std::nullopt);
      }
    }
    tell(RunFinished{run_status(status), status == StageStatus::completed ? 0 : kFailed, ""});
    return write();
  }

  // Without an end of its own.
  void leave() {
    const MutexLock lock(mutex);
    if (!run.ended()) {
      mark_interrupted(run);
      static_cast<void>(write());  // (nobody is left to be told)
    }
  }
};

StatusTracker::StatusTracker(Owned<State> state) : state_(std::move(state)) {}
StatusTracker::StatusTracker(StatusTracker&&) noexcept = default;

StatusTracker& StatusTracker::operator=(StatusTracker&& other) noexcept {
  if (state_ && state_.get() != other.state_.get()) {
    state_->leave();
  }
  state_ = std::move(other.state_);
  return *this;
}

StatusTracker::~StatusTracker() {
  if (state_) {
    state_->leave();
  }
}

Result<StatusTracker> StatusTracker::create(std::string path, StatusOptions options) {
  return create(std::move(path), std::move(options), system_clock());
}

Result<StatusTracker> StatusTracker::create(std::string path,
                                            StatusOptions options,
                                            const Clock& clock) {
  auto stages = planned(options);
  if (!stages) {
    return std::move(stages).error();
  }
  if (options.sla_target && !is_time(*options.sla_target)) {
    return refused("the target is no time");
  }
  auto state = std::make_unique<State>(std::move(path), clock);
  {
    const MutexLock lock(state->mutex);
    state->run.run_id = new_uuid_v7(clock.wall());
    RunStarted body;
    body.workflow = std::move(options.workflow);
    body.lane = std::move(options.lane);
    body.change_id = std::move(options.workflow_id);
    body.stages = PlannedStages(*std::move(stages));
    if (options.sla_target) {
      body.sla = nanos_of(*options.sla_target);
    }
    state->tell(std::move(body));
    if (const auto written = state->write(); !written) {
      return written.error();
    }
  }
  return StatusTracker(Owned<State>(std::move(state)));
}

Result<void> StatusTracker::start_stage(int stage_id) {
  return state_->start(stage_id);
}

Result<void> StatusTracker::complete_stage(int stage_id, StageStatus status) {
  return state_->complete(stage_id, status, std::nullopt);
}

Result<void> StatusTracker::complete_stage(int stage_id, StageStatus status, int exit_code) {
  return state_->complete(stage_id, status, exit_code);
}

Result<void> StatusTracker::set_remaining(StatusRemaining remaining) {
  const bool is_good = is_time(remaining.p10) && remaining.p10 <= remaining.expected &&
                       remaining.expected <= remaining.p90 && is_time(remaining.p90);
  if (!is_good) {
    return refused("what remains must be p10 <= expected <= p90");
  }
  const MutexLock lock(state_->mutex);
  if (state_->run.ended()) {
    return Error{ErrorCode::conflict, "tell what remains: the run has ended"};
  }
  state_->tell(EstimateUpdated{{.expected = nanos_of(remaining.expected),
                                .p10 = nanos_of(remaining.p10),
                                .p90 = nanos_of(remaining.p90),
                                .confidence = 1}});
  return state_->write();
}

Result<void> StatusTracker::finish(StageStatus status) {
  return state_->finish(status);
}

WorkflowStatus StatusTracker::status() const {
  std::string document;
  {
    const MutexLock lock(state_->mutex);
    document = status_document(state_->run, SecretSet());
  }
  return parse_status(document).value_or({});
}

const std::string& StatusTracker::path() const noexcept {
  return state_->path;
}

}  // namespace headway
