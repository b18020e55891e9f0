// See stage_runs.hpp.
#include "orchestration/stage_runs.hpp"

#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace headway {
namespace {

constexpr const char* kNeverStarted = "the run was cancelled before it started";
constexpr const char* kEndedByCancel = "ended because the run was cancelled";
// What an event says of a callable that threw, as a program would that reports it.
constexpr int kThrewExitCode = 1;

std::size_t at(int task) {
  return static_cast<std::size_t>(task);
}

FailureKind failure_of(const AttemptEnd& end, Action::Reason told_to_end) {
  if (end.start_failed) {
    return FailureKind::start_failed;
  }
  if (told_to_end == Action::Reason::timeout) {
    return FailureKind::timeout;  // also where it came to a good end after that
  }
  if (end.succeeded) {
    return FailureKind::none;
  }
  if (told_to_end != Action::Reason::none) {
    return FailureKind::cancelled;
  }
  return end.signal != 0 ? FailureKind::signal : FailureKind::exit_code;
}

StageStatus status_of(TaskState state) {
  switch (state) {
    case TaskState::succeeded:
      return StageStatus::completed;
    case TaskState::failed:
      return StageStatus::failed;
    case TaskState::skipped:
      return StageStatus::skipped;
    default:
      return StageStatus::cancelled;
  }
}

}  // namespace

StageRuns::StageRuns(ParallelPlan& plan, const SchedulerLimits& limits, EventEmitter* emitter)
    : plan_(plan),
      emitter_(emitter),
      scheduler_(plan.graph, TaskNeedsList(plan.task_needs), limits),
      times_(plan.tasks.size()) {}

template <typename Body>
void StageRuns::tell(Body body) {
  if (emitter_ != nullptr) {
    emitter_->emit(std::move(body));
  }
}

void StageRuns::advance(Nanos now, StageWork& work) {
  scheduler_.advance(now, actions_);
  perform_all(now, work);
}

void StageRuns::ended(int task, AttemptEnd& end, Nanos now, StageWork& work) {
  keep(task, end, now);
  const bool is_good = times_of(task).failure == FailureKind::none;
  scheduler_.finished(now,
                      task,
                      {.succeeded = is_good, .retryable = true, .start_failed = end.start_failed},
                      actions_);
  perform_all(now, work);
  advance(now, work);
}

// What the attempt holds (a lock, memory) counts as free from now on. It is not tried again, for
// then two attempts would run at once.
void StageRuns::give_up(int task, Nanos now, StageWork& work) {
  AttemptEnd end;
  keep(task, end, now);
  StageExecutionResult& result = result_of(task);
  result.reason += fmt::format("; it did not return within its grace of {} and still runs",
                               format_duration(plan_.task_needs[at(task)].grace));
  gave_up_ = true;
  scheduler_.finished(now, task, {.succeeded = false, .retryable = false}, actions_);
  perform_all(now, work);
  advance(now, work);
}

void StageRuns::cancel(Nanos now, StageWork& work) {
  if (was_cancelled_) {
    return;
  }
  was_cancelled_ = true;
  tell(RunCancelling{"cancelled by the program", 0, false});
  scheduler_.cancel(now, false, actions_);
  perform_all(now, work);
  advance(now, work);
}

// Performing an action may add more of them.
void StageRuns::perform_all(Nanos now, StageWork& work) {
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    perform(Action(actions_[i]), now, work);
  }
  actions_.clear();
}

void StageRuns::perform(const Action& action, Nanos now, StageWork& work) {
  switch (action.kind) {
    case Action::Kind::ready:
      times_of(action.task).ready = now;
      tell(StageReady{action.task});
      break;
    case Action::Kind::start:
      start(action, now, work);
      break;
    case Action::Kind::terminate:
      times_of(action.task).told_to_end = action.reason;
      work.stops.push_back(action.task);
      break;
    case Action::Kind::kill:
      work.kills.push_back(action.task);
      break;
    case Action::Kind::retry: {
      Times& times = times_of(action.task);
      times.told_to_end = Action::Reason::none;
      tell(StageRetrying{action.task,
                         action.attempt,
                         times.failure,
                         times.exit_code,
                         times.signal,
                         action.at - now});
      break;
    }
    case Action::Kind::skip:
      skipped(action);
      break;
    case Action::Kind::settled:
      settled(action.task);
      break;
  }
}

void StageRuns::start(const Action& action, Nanos now, StageWork& work) {
  Times& times = times_of(action.task);
  times.attempt_started = now;
  times.told_to_end = Action::Reason::none;
  StageExecutionResult& result = result_of(action.task);
  result.status = StageStatus::running;
  result.attempts = action.attempt;
  if (action.attempt == 1) {
    result.started = to_seconds(now);
    result.queue_wait = to_seconds(now - times.ready);
  }
  work.starts.push_back({action.task, action.attempt});
  tell(StageStarted{action.task, action.attempt, 0, action.slot, ""});
}

// What is known of the attempt that just ended; its fate (retry, failed, ...) is not yet.
void StageRuns::keep(int task, AttemptEnd& end, Nanos now) {
  Times& times = times_of(task);
  times.failure = failure_of(end, times.told_to_end);
  times.exit_code = end.exception ? kThrewExitCode : end.exit_code;
  times.signal = end.signal;
  times.usage.cpu = end.cpu;
  times.usage.peak_memory_bytes = end.peak_memory_bytes;
  StageExecutionResult& result = result_of(task);
  std::swap(result.exception, end.exception);
  result.error_type = std::move(end.error_type);
  result.error = std::move(end.error);
  result.reason = std::move(end.reason);
  result.duration = to_seconds(now - times.attempt_started);
  result.ended = to_seconds(now);
  if (times.failure != FailureKind::none) {
    if (!result.exception) {
      result.error_type = to_string(times.failure);
    }
    result.reason = failure_reason(task);
  }
}

std::string StageRuns::failure_reason(int task) const {
  const FailureKind failure = times_[at(task)].failure;
  const StageExecutionResult& result = plan_.results[at(task)];
  if (failure == FailureKind::timeout) {
    const Nanos timeout = plan_.task_needs[at(task)].timeout.value_or(Nanos{0});
    return fmt::format("timed out after {}", format_duration(timeout));
  }
  if (failure == FailureKind::cancelled) {
    return kEndedByCancel;
  }
  if (!result.exception) {
    return result.reason;
  }
  return result.error.empty() ? fmt::format("threw {}", result.error_type)
                              : fmt::format("threw {}: {}", result.error_type, result.error);
}

// A task came to its end: with the attempt that just ended, while it waited for a retry, or without
// ever having started.
void StageRuns::settled(int task) {
  const TaskState state = scheduler_.state(task);
  StageExecutionResult& result = result_of(task);
  result.status = status_of(state);
  all_succeeded_ = all_succeeded_ && state == TaskState::succeeded;
  if (state == TaskState::cancelled && times_of(task).told_to_end == Action::Reason::none) {
    result.reason = "the run was cancelled before its retry";
    times_of(task).failure = FailureKind::cancelled;
  } else if (state == TaskState::cancelled && result.reason.empty()) {
    result.reason = kEndedByCancel;  // it came to a good end all the same
  }
  tell_finished(task);
}

void StageRuns::tell_finished(int task) {
  if (emitter_ == nullptr) {
    return;
  }
  const Times& times = times_of(task);
  const StageExecutionResult& result = result_of(task);
  StageFinished body;
  body.stage = task;
  body.attempt = result.attempts;
  body.status = result.status;
  body.failure = times.failure;
  body.exit_code = times.exit_code;
  body.signal = times.signal;
  body.reason = result.reason;
  body.duration = std::chrono::duration_cast<Nanos>(result.duration);
  body.queue_wait = std::chrono::duration_cast<Nanos>(result.queue_wait);
  body.usage = times.usage;
  emitter_->emit(std::move(body));
}

void StageRuns::skipped(const Action& action) {
  StageExecutionResult& result = result_of(action.task);
  result.status = status_of(scheduler_.state(action.task));
  all_succeeded_ = false;
  if (action.reason == Action::Reason::cancelled) {
    result.reason = kNeverStarted;
  } else {
    const StageExecutionResult& failed = result_of(action.other);
    const std::string which = fmt::format("stage {} ('{}')", failed.stage_id, failed.stage_name);
    result.reason = action.reason == Action::Reason::needs_failed
                        ? fmt::format("needs {}, which failed", which)
                        : fmt::format("nothing new starts after {} failed", which);
  }
  tell(StageSkipped{action.task, result.status, result.reason});
}

}  // namespace headway
