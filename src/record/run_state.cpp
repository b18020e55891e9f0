// The fold of events into a RunState. Pure: reads no file and no clock.
#include "record/run_state.hpp"

#include "record/run_folder.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>
#include <variant>

namespace headway {
namespace {

constexpr std::string_view kDiedReason = "headway ended before this run did";

// Spans of a damaged record are brought into bounds, so that nothing made of them overflows.
constexpr Nanos kLongestSpan = std::chrono::hours(24 * 366 * 100);

// A damaged record must not exhaust memory.
constexpr std::size_t kMaxGateResults = 100'000;
constexpr std::size_t kMaxHookResults = 100'000;

Nanos sane(Nanos span) {
  return std::clamp(span, Nanos{}, kLongestSpan);
}

// Applies one body; the state has the event's times already, and its elapsed never steps back.
// Each overload is O(1), but for run_started and for further attempts, which look through the
// gates.
class Fold {
 public:
  Fold(RunState& state, const RunEvent& event) : state_(state), event_(event) {}

  void operator()(const RunStarted& body) {
    state_.start = body;
    state_.stages.clear();
    state_.stages.reserve(body.stages.size());
    for (std::size_t position = 0; position < body.stages.size(); ++position) {
      state_.stages.emplace_back().plan = body.stages.share(position);
    }
    if (state_.start.sla) {
      state_.start.sla = sane(*state_.start.sla);
    }
    state_.status = RunStatus::running;
    state_.started_at = event_.time;
    state_.jobs = body.jobs;
    state_.commit = body.repository.commit;
  }

  void operator()(const StageReady&) {}

  void operator()(const StageStarted& body) {
    StageState* stage = find(body.stage);
    if (stage == nullptr) {
      return;
    }
    if (body.attempt > 1) {
      std::erase_if(state_.gates,
                    [&](const GateChecked& gate) { return gate.stage == body.stage; });
    }
    if (!stage->started_offset) {
      stage->started_at = event_.time;
      stage->started_offset = state_.elapsed;
    }
    stage->status = StageStatus::running;
    stage->attempts = std::max(stage->attempts, body.attempt);
    stage->attempt_started = state_.elapsed;
    stage->paused_for = {};
    if (body.cause != nullptr) {
      stage->cause = body.cause;
    }
    set_running(*stage, true);
  }

  void operator()(const StageOutputAt& body) {
    if (StageState* stage = find(body.stage)) {
      stage->output_bytes = body.bytes;
    }
  }

  void operator()(const StageRetrying& body) {
    if (StageState* stage = find(body.stage)) {
      stage->failure = body.failure;
      stage->exit_code = body.exit_code;
      stage->signal = body.signal;
      stage->duration = state_.duration_so_far(*stage);
      set_running(*stage, false);
    }
  }

  void operator()(const StageFinished& body) {
    StageState* stage = find(body.stage);
    if (stage == nullptr) {
      return;
    }
    // Ended while a retry waited: the attempt before it stays the last one there was.
    const bool was_waiting = stage->status == StageStatus::running && !stage->attempt_running;
    end(*stage, body.status, body.reason);
    stage->failure = body.failure;
    if (!was_waiting) {
      take_attempt(*stage, body);
    }
    const bool is_failure = body.status == StageStatus::failed && !stage->plan->allow_failure;
    if (is_failure && !state_.first_failure) {
      state_.first_failure = body.stage;
    }
  }

  void operator()(const StageSkipped& body) {
    if (StageState* stage = find(body.stage)) {
      end(*stage, body.status, body.reason);
      if (body.up_to_date && !stage->up_to_date) {
        stage->up_to_date = true;
        stage->saved = sane(body.saved);
        state_.saved = sane(state_.saved + stage->saved);
      }
    }
  }

  void operator()(const EstimateUpdated& body) {
    RemainingEstimate remaining = body.remaining;
    for (Nanos* span : {&remaining.expected, &remaining.p10, &remaining.p90}) {
      *span = sane(*span);
    }
    state_.estimate = remaining;
    state_.estimate_at = state_.elapsed;
  }

  void operator()(const ResourcesSampled&) {}

  void operator()(const ChangeFacts&) {}

  void operator()(const JobsChanged& body) { state_.jobs = body.jobs; }

  void operator()(const StagePaused& body) {
    StageState* stage = find(body.stage);
    if (stage != nullptr && stage->attempt_running && !stage->paused_since) {
      stage->paused_since = state_.elapsed;
    }
  }

  void operator()(const StageContinued& body) {
    StageState* stage = find(body.stage);
    if (stage != nullptr && stage->paused_since) {
      stage->paused_for += state_.elapsed - *std::exchange(stage->paused_since, std::nullopt);
    }
  }

  void operator()(const GateChecked& body) {
    if (find(body.stage) != nullptr && state_.gates.size() < kMaxGateResults) {
      state_.gates.push_back(body);
    }
  }
  void operator()(const RunResumed&) {}
  void operator()(const CommitMoved& body) {
    if (body.from == state_.commit) {
      state_.commit = body.to;
    }
  }

  void operator()(const HookChecked& body) {
    if (find(body.stage) != nullptr && state_.hooks.size() < kMaxHookResults) {
      state_.hooks.push_back(body);
    }
  }

  void operator()(const FailureExplained& body) {
    if (state_.first_failure == body.stage) {
      state_.explained = body;
    }
  }

  void operator()(const RunCancelling& body) { state_.reason = body.reason; }

  void operator()(const RunFinished& body) {
    state_.status = body.status;
    state_.exit_code = body.exit_code;
    if (!body.reason.empty()) {
      state_.reason = body.reason;
    }
    state_.running = 0;
  }

 private:
  static void take_attempt(StageState& stage, const StageFinished& body) {
    stage.attempts = std::max(stage.attempts, body.attempt);
    stage.exit_code = body.exit_code;
    stage.signal = body.signal;
    // Nobody saw how it ended, or it never began: then there is no code to tell.
    stage.has_exit_code = body.status != StageStatus::interrupted &&
                          body.failure != FailureKind::hook &&
                          body.failure != FailureKind::exception &&
                          (body.failure != FailureKind::start_failed || body.exit_code != 0);
    stage.duration = sane(body.duration);
    stage.queue_wait = sane(body.queue_wait);
    stage.usage = body.usage;
    stage.usage.cpu = sane(body.usage.cpu);
    stage.output_bytes = body.output_bytes;
    stage.lost_bytes = body.lost_bytes;
  }

  StageState* find(int position) {
    const bool known = position >= 0 && position < static_cast<int>(state_.stages.size());
    return known ? &state_.stages[static_cast<std::size_t>(position)] : nullptr;
  }

  void set_running(StageState& stage, bool running) {
    if (stage.attempt_running != running) {
      stage.attempt_running = running;
      stage.paused_since.reset();
      state_.running += running ? 1 : -1;
      state_.peak_running = std::max(state_.peak_running, state_.running);
    }
  }

  void end(StageState& stage, StageStatus status, const std::string& reason) {
    const bool was_open =
        stage.status == StageStatus::pending || stage.status == StageStatus::running;
    state_.finished += was_open ? 1 : 0;
    set_running(stage, false);
    stage.status = status;
    stage.reason = reason;
    stage.finished_offset = state_.elapsed;
    stage.completed_at = event_.time;
  }

  RunState& state_;
  const RunEvent& event_;
};

// When a stage that was started ended, or now where it has not.
Nanos end_of(const RunState& state, const StageState& stage) {
  return stage.status == StageStatus::running ? state.elapsed : stage.finished_offset;
}

// The one of `candidates` that was started and ended last, or -1. Of equals the one that started
// last: it is the one that did the work.
template <class Candidates>
int last_to_end(const RunState& state, const Candidates& candidates) {
  int last = -1;
  std::pair<Nanos, Nanos> latest;
  for (const int position : candidates) {
    if (position < 0 || position >= static_cast<int>(state.stages.size())) {
      continue;
    }
    const StageState& stage = state.stages[static_cast<std::size_t>(position)];
    if (!stage.started_offset) {
      continue;
    }
    const std::pair<Nanos, Nanos> times(end_of(state, stage), *stage.started_offset);
    if (last < 0 || times > latest) {
      last = position;
      latest = times;
    }
  }
  return last;
}

}  // namespace

std::string StageState::log() const {
  return attempts > 0 ? RunFolder::stage_log_name(plan->key, attempts) : std::string();
}

void RunState::apply(const RunEvent& event) {
  if (run_id.empty()) {
    run_id = event.run_id;
  }
  last_seq = std::max(last_seq, event.seq);
  elapsed = std::max(elapsed, sane(event.elapsed));
  updated_at = event.time;
  std::visit(Fold(*this, event), event.body);
}

Nanos RunState::duration_so_far(const StageState& stage) const noexcept {
  if (!stage.attempt_running) {
    return stage.duration;
  }
  return stage.paused_since.value_or(elapsed) - stage.attempt_started - stage.paused_for;
}

std::vector<int> observed_critical_path(const RunState& state) {
  std::vector<int> all(state.stages.size());
  std::iota(all.begin(), all.end(), 0);
  std::vector<int> ordinary;
  std::copy_if(all.begin(), all.end(), std::back_inserter(ordinary), [&state](int position) {
    return !state.stages[static_cast<std::size_t>(position)].plan->always;
  });
  std::vector<int> path;
  int position = last_to_end(state, all);
  // A plan has no cycle; a damaged record may, and must not hang a reader.
  while (position >= 0 && path.size() < state.stages.size()) {
    path.push_back(position);
    const PlannedStage& plan = *state.stages[static_cast<std::size_t>(position)].plan;
    position = last_to_end(state, plan.needs);
    const bool waited_for_all =
        plan.always &&
        (position < 0 || !state.stages[static_cast<std::size_t>(position)].plan->always);
    if (waited_for_all) {
      position = last_to_end(state, ordinary);  // `always` stages wait for everything else
    }
  }
  std::reverse(path.begin(), path.end());
  return path;
}

void mark_interrupted(RunState& state) {
  if (state.ended()) {
    return;
  }
  for (StageState& stage : state.stages) {
    if (stage.status != StageStatus::running) {
      continue;
    }
    stage.duration = state.duration_so_far(stage);
    stage.attempt_running = false;
    stage.paused_since.reset();
    stage.status = StageStatus::interrupted;
    stage.reason = kDiedReason;
    stage.finished_offset = state.elapsed;
    stage.completed_at = state.updated_at;
    ++state.finished;
  }
  state.running = 0;
  state.status = RunStatus::interrupted;
  state.exit_code = kInterruptedExitCode;
  state.reason = kDiedReason;
}

}  // namespace headway
