// See stage_runs.hpp.
#include "orchestration/stage_runs.hpp"

#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace headway {
namespace {

constexpr const char* kNeverStarted = "the run was cancelled before it started";
constexpr const char* kNotTriedAgain = "the run was cancelled before its retry";
constexpr const char* kNotTriedAfterFailure = "another stage failed before its retry";
// Of a batch that is larger, once it is done, the memory is given back: at the start all that needs
// nothing becomes ready at once.
constexpr std::size_t kActionsKept = 1024;

std::size_t at(int task) {
  return static_cast<std::size_t>(task);
}

EndedBy ended_by(Action::Reason reason) {
  switch (reason) {
    case Action::Reason::timeout:
      return EndedBy::timeout;
    case Action::Reason::failure_elsewhere:
      return EndedBy::failure_elsewhere;
    default:
      return EndedBy::cancel;
  }
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

Exit failed_start(const StageOrder& order, const Error& error) {
  Exit exit;
  exit.task = order.task;
  exit.attempt = order.attempt;
  exit.start_failed = true;
  exit.exit_code = error.code == ErrorCode::not_found ? 127 : 126;
  exit.error = error.message;
  return exit;
}

StageRuns::StageRuns(StageList stages, EventEmitter* emitter)
    : needs_(stages.needs),
      title_(std::move(stages.title)),
      retry_rule_(std::move(stages.retry_rule)),
      emitter_(emitter),
      scheduler_(std::move(stages.graph), std::move(stages.needs), stages.limits),
      records_(needs_.size()) {}

template <typename Body>
void StageRuns::tell(Body body) {
  if (emitter_ != nullptr) {
    emitter_->emit(std::move(body));
  }
}

AttemptRules StageRuns::rules_of(int task) const {
  return {needs_[at(task)].timeout, retry_rule_ ? retry_rule_(task) : nullptr};
}

// ---- orders

void StageRuns::advance(Nanos now) {
  turn_ = now;
  scheduler_.advance(now, batch_);
  if (batch_.size() > EventEmitter::kMaxPending / 2) {
    put_starts_first();
  }
}

// At the start everything that needs nothing becomes ready at once: the first attempts need not
// wait until all of that is told.
void StageRuns::put_starts_first() {
  std::vector<bool> starts(records_.size());
  for (const Action& action : batch_) {
    if (action.kind == Action::Kind::start) {
      starts[at(action.task)] = true;
    }
  }
  std::stable_partition(batch_.begin(), batch_.end(), [&starts](const Action& action) {
    return action.kind != Action::Kind::ready || starts[at(action.task)];
  });
}

std::optional<StageOrder> StageRuns::next() {
  while (orders_at_ == orders_.size()) {
    orders_.clear();
    orders_at_ = 0;
    if (batch_at_ == batch_.size()) {
      batch_at_ = 0;
      batch_.clear();
      if (batch_.capacity() > kActionsKept) {
        std::vector<Action>().swap(batch_);
      }
      return std::nullopt;
    }
    perform(batch_[batch_at_++], turn_);
  }
  return orders_[orders_at_++];
}

void StageRuns::perform_all(const std::vector<Action>& actions, Nanos now) {
  for (const Action& action : actions) {
    perform(action, now);
  }
}

void StageRuns::perform(const Action& action, Nanos now) {
  switch (action.kind) {
    case Action::Kind::ready:
      of(action.task).ready = of(action.task).first_began = now;
      tell(StageReady{action.task});
      break;
    case Action::Kind::start:
      order_begin(action, now);
      break;
    case Action::Kind::terminate:
    case Action::Kind::kill:
      order_end(action);
      break;
    case Action::Kind::retry:
      retrying(action, now);
      break;
    case Action::Kind::skip:
      skipped(action);
      break;
    case Action::Kind::settled:
      settled(action);
      break;
  }
}

// A stage that failed to start may have taken down the rest of its batch: such a one ends before it
// began.
void StageRuns::order_begin(const Action& action, Nanos now) {
  StageRecord& record = of(action.task);
  if (!std::exchange(record.is_doomed, false)) {
    orders_.push_back({StageOrder::Kind::begin, action.task, action.attempt, action.slot});
    return;
  }
  Exit exit;
  exit.task = action.task;
  exit.attempt = record.attempts = action.attempt;
  exit.signal = SIGTERM;
  exit.exit_code = 128 + SIGTERM;
  ended(exit, {}, now);
  orders_.push_back({StageOrder::Kind::drop, action.task, action.attempt, action.slot});
}

void StageRuns::order_end(const Action& action) {
  StageRecord& record = of(action.task);
  if (record.attempts < action.attempt && !record.is_held) {
    record.is_doomed = true;  // its begin stands further back in the same batch
    record.ended_by = ended_by(action.reason);
    return;
  }
  if (record.ended_by == EndedBy::nobody) {
    record.ended_by = ended_by(action.reason);
  }
  const bool kills = action.kind == Action::Kind::kill;
  orders_.push_back({kills ? StageOrder::Kind::kill : StageOrder::Kind::stop,
                     action.task,
                     action.attempt,
                     action.slot});
}

// ---- answers to an order to begin

void StageRuns::began(const StageOrder& order, Nanos when, AttemptPlace place) {
  StageRecord& record = of(order.task);
  if (std::exchange(record.is_held, false)) {
    scheduler_.begin_held(when, order.task);
  }
  record.status = StageStatus::running;
  record.ended_by = EndedBy::nobody;
  record.attempts = order.attempt;
  record.began = when;
  if (order.attempt == 1) {
    record.first_began = when;
  }
  tell(StageStarted{order.task,
                    order.attempt,
                    place.pid,
                    order.slot,
                    std::move(place.log),
                    std::move(place.cause)});
}

void StageRuns::refused(const StageOrder& order, int lock, Nanos now) {
  scheduler_.start_refused(now, order.task, lock);
}

void StageRuns::done_already(const StageOrder& order, DoneAlready done, Nanos now) {
  after_.clear();
  scheduler_.done_already(now, order.task, after_);  // says no more than that
  StageRecord& record = of(order.task);
  record.is_held = false;
  record.status = done.status;
  record.reason = std::move(done.reason);
  tell(StageSkipped{order.task, record.status, record.reason, done.up_to_date, done.saved});
}

void StageRuns::held(const StageOrder& order, Nanos now) {
  StageRecord& record = of(order.task);
  record.is_held = true;
  record.ended_by = EndedBy::nobody;
  record.began = now;
  scheduler_.hold(order.task);
}

void StageRuns::not_begun(int task, std::string refusal, Nanos now) {
  StageRecord& record = of(task);
  record.is_held = false;
  record.began = now;
  Exit exit;
  exit.task = task;
  AttemptVerdict verdict{FailureKind::hook, false, std::move(refusal)};
  if (verdict.reason.empty()) {
    exit.signal = SIGTERM;
    exit.exit_code = 128 + SIGTERM;
    verdict = judge_attempt(rules_of(task), exit, record.ended_by, {.unfinished = true});
    verdict.retryable = false;
  }
  close(exit, std::move(verdict), now);
}

// ---- what happened

void StageRuns::ended(const Exit& exit, const EndSigns& signs, Nanos now) {
  close(exit, judge_attempt(rules_of(exit.task), exit, of(exit.task).ended_by, signs), now);
}

void StageRuns::give_up(int task, Nanos now) {
  const StageRecord& record = of(task);
  Exit exit;
  exit.task = task;
  exit.attempt = record.attempts;
  exit.duration = now - record.began;
  AttemptVerdict verdict =
      judge_attempt(rules_of(task), exit, record.ended_by, {.unfinished = true});
  verdict.retryable = false;
  verdict.reason += fmt::format("; it did not return within its grace of {} and still runs",
                                format_duration(needs_[at(task)].grace));
  close(exit, std::move(verdict), now);
}

void StageRuns::close(const Exit& exit, AttemptVerdict verdict, Nanos now) {
  StageRecord& record = of(exit.task);
  record.failure = verdict.failure;
  record.exit_code = exit.exit_code;
  record.signal = exit.signal;
  record.took = exit.duration;
  record.reason = std::move(verdict.reason);
  after_.clear();
  scheduler_.finished(now,
                      exit.task,
                      {.succeeded = verdict.failure == FailureKind::none,
                       .retryable = verdict.retryable,
                       .start_failed = exit.start_failed,
                       .out_of_memory = verdict.failure == FailureKind::oom},
                      after_);
  closing_ = &exit;
  perform_all(after_, now);
  closing_ = nullptr;
}

void StageRuns::cancel(RunCancelling how, Nanos now) {
  const bool immediate = how.immediate;
  tell(std::move(how));
  after_.clear();
  scheduler_.cancel(now, immediate, after_);
  perform_all(after_, now);
}

void StageRuns::interrupt(std::string_view reason, std::span<const Exit> killed, Nanos now) {
  for (int task = 0; task < size(); ++task) {
    if (!is_running(task)) {
      continue;
    }
    StageRecord& record = of(task);
    record.status = StageStatus::interrupted;
    record.failure = FailureKind::cancelled;
    record.signal = SIGKILL;
    record.exit_code = 128 + SIGKILL;
    record.reason = reason;
    all_succeeded_ = false;
    const auto end = std::find_if(
        killed.begin(), killed.end(), [task](const Exit& exit) { return exit.task == task; });
    record.took = end == killed.end() ? now - record.began : end->duration;
    tell_finished(task, end == killed.end() ? nullptr : &*end);
  }
}

// ---- news of the scheduler

void StageRuns::retrying(const Action& action, Nanos now) {
  const StageRecord& record = of(action.task);
  tell(StageRetrying{action.task,
                     action.attempt,
                     record.failure,
                     record.exit_code,
                     record.signal,
                     std::max(Nanos{0}, action.at - now)});
}

// A task came to its end: with the attempt that just ended, or while it waited for a retry.
void StageRuns::settled(const Action& action) {
  const int task = action.task;
  const TaskState state = scheduler_.state(task);
  StageRecord& record = of(task);
  record.status = status_of(state);
  all_succeeded_ = all_succeeded_ && state == TaskState::succeeded;
  const bool is_closing = closing_ != nullptr && closing_->task == task;
  if (state == TaskState::failed && !needs_[at(task)].allow_failure) {
    (record.failure == FailureKind::gate   ? any_gate_failed_
     : record.failure == FailureKind::hook ? any_hook_refused_
                                           : any_failed_) = true;
  }
  if (!is_closing) {
    record.failure = FailureKind::cancelled;
    record.reason =
        action.reason == Action::Reason::failure_elsewhere ? kNotTriedAfterFailure : kNotTriedAgain;
  } else if (state == TaskState::cancelled && record.reason.empty()) {
    record.reason = to_text(record.ended_by);  // it came to a good end all the same
  }
  tell_finished(task, is_closing ? closing_ : nullptr);
}

// `exit`: null where no attempt ended just now.
void StageRuns::tell_finished(int task, const Exit* exit) {
  if (emitter_ == nullptr) {
    return;
  }
  const StageRecord& record = of(task);
  StageFinished body;
  body.stage = task;
  body.attempt = record.attempts;
  body.status = record.status;
  body.failure = record.failure;
  body.exit_code = record.exit_code;
  body.signal = record.signal;
  body.reason = record.reason;
  body.duration = record.took;
  body.queue_wait = record.first_began - record.ready;
  if (exit != nullptr) {
    body.usage = {exit->cpu, exit->peak_memory_bytes, exit->peak_memory_source};
    body.output_bytes = exit->output_bytes;
    body.lost_bytes = exit->lost_bytes;
  }
  emitter_->emit(std::move(body));
}

void StageRuns::skipped(const Action& action) {
  StageRecord& record = of(action.task);
  record.status = status_of(scheduler_.state(action.task));
  all_succeeded_ = false;
  if (action.reason == Action::Reason::cancelled) {
    record.reason = kNeverStarted;
  } else {
    const std::string failed = title_(action.other);
    record.reason = action.reason == Action::Reason::needs_failed
                        ? fmt::format("needs {}, which failed", failed)
                        : fmt::format("nothing new starts after {} failed", failed);
  }
  tell(StageSkipped{action.task, record.status, record.reason});
}

}  // namespace headway
