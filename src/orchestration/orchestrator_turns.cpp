// The part of Orchestrator between an order to begin an attempt and its start: conditions, the run
// that goes on, inputs, locks, hooks.
#include "orchestration/orchestrator_state.hpp"
#include "orchestration/resume.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway {
namespace {

// How old a look at inputs may be when its stage starts.
constexpr Nanos kInputAge = std::chrono::seconds(1);

}  // namespace

// A stage that declares inputs waits, as for a lock, until they were looked at: no slot is taken.
void Orchestrator::State::hold_for_inputs() {
  for (int task = 0; inputs != nullptr && task < plan.size(); ++task) {
    if (inputs->covers(task)) {
      runs.scheduler().set_lock_elsewhere(plan.input_locks[static_cast<std::size_t>(task)], true);
    }
  }
}

// Stages that were looked at may start, and those that had their turn do. True where there are any.
bool Orchestrator::State::let_go_checked() {
  if (inputs == nullptr || !inputs->is_waiting()) {
    return false;
  }
  const std::vector<int> checked = inputs->news(kPatience);
  for (const int task : checked) {
    checked_at[static_cast<std::size_t>(task)] = emitter.elapsed();
    runs.scheduler().set_lock_elsewhere(plan.input_locks[static_cast<std::size_t>(task)], false);
    if (const auto turn = in_turn.extract(task)) {
      if (!is_answered_by_inputs(turn.mapped())) {
        pass_hooks(turn.mapped());
      }
      obey();
    }
  }
  return !checked.empty();
}

// Of its first attempt alone.
bool Orchestrator::State::is_looked_at(const StageOrder& order) const {
  return inputs != nullptr && inputs->covers(order.task) && order.attempt == 1;
}

// The order to begin is answered otherwise: the stage is up to date.
bool Orchestrator::State::is_answered_by_inputs(const StageOrder& order) {
  const InputVerdict& verdict = inputs->verdict(order.task);
  if (!verdict.up_to_date()) {
    return false;
  }
  give_back(order.task);
  runs.done_already(
      order,
      {.reason = cause_text(verdict.cause), .up_to_date = true, .saved = verdict.saved},
      emitter.elapsed());
  return true;
}

// The order to begin is answered otherwise: its `when` does not hold.
bool Orchestrator::State::is_answered_by_condition(const StageOrder& order) {
  const std::string& unmet = plan.unmet_condition(order.task);
  if (unmet.empty()) {
    return false;
  }
  give_back(order.task);
  begun.passed_over(order.task);
  runs.done_already(order, {.reason = unmet}, emitter.elapsed());
  return true;
}

// The order to begin is answered otherwise: the stage finished in the run that goes on here.
bool Orchestrator::State::is_answered_by_earlier_run(const StageOrder& order) {
  if (plan.before.empty() || order.attempt != 1) {
    return false;
  }
  const StageBefore& before = plan.before[static_cast<std::size_t>(order.task)];
  const int ran = begun.below(order.task);
  if (!before.finished || (!before.for_good && ran >= 0)) {
    return false;
  }
  give_back(order.task);
  begun.passed_over(order.task);
  runs.done_already(
      order, {.status = StageStatus::completed, .reason = finished_text(plan)}, emitter.elapsed());
  return true;
}

// Why the stage begins; null where nothing was asked.
std::shared_ptr<const StageCause> Orchestrator::State::cause_of(const StageOrder& order) const {
  StageCause cause = begun.cause(order.task);
  if (cause.kind == CauseKind::none && is_looked_at(order)) {
    cause = inputs->verdict(order.task).cause;
  }
  return cause.kind == CauseKind::none ? nullptr
                                       : std::make_shared<const StageCause>(std::move(cause));
}

void Orchestrator::State::begin_attempt(const StageOrder& order) {
  if (is_answered_by_condition(order) || is_answered_by_earlier_run(order)) {
    return;
  }
  const Nanos checked = checked_at[static_cast<std::size_t>(order.task)];
  const bool is_old = is_looked_at(order) && emitter.elapsed() - checked > kInputAge;
  if (is_looked_at(order) && !is_old && is_answered_by_inputs(order)) {
    return;
  }
  if (!take_locks(order)) {
    return;
  }
  if (is_old) {
    inputs->look_again(order.task);
    wait_in_turn(order);
  } else {
    pass_hooks(order);
  }
}

// With all that it has: in a long queue it would lose its turn again whenever that comes.
void Orchestrator::State::wait_in_turn(const StageOrder& order) {
  runs.held(order, emitter.elapsed());
  in_turn[order.task] = order;
}

void Orchestrator::State::pass_hooks(const StageOrder& order) {
  if (hooks.cover(order)) {
    runs.held(order, emitter.elapsed());
    hooks.begin(order);
    return;
  }
  pass_marks(order);
}

// What lies where the reports of its gates will be is known before it begins.
void Orchestrator::State::pass_marks(const StageOrder& order) {
  if (gates.begin_look(order.task)) {
    wait_in_turn(order);
    return;
  }
  launch(order);
}

// Stages whose reports were looked at begin. True where there are any.
bool Orchestrator::State::let_go_marked() {
  if (!gates.is_looking()) {
    return false;
  }
  const std::vector<int> marked = gates.looked_at(kPatience);
  for (const int task : marked) {
    if (const auto turn = in_turn.extract(task)) {
      launch(turn.mapped());
      obey();
    }
  }
  return !marked.empty();
}

// Nothing stands before it any more.
void Orchestrator::State::launch(const StageOrder& order) {
  output_told[static_cast<std::size_t>(order.task)] = 0;
  if (plan.stage(order.task).interactive) {
    emitter.flush();  // views let go of the terminal before it has it
    if (before_terminal) {
      before_terminal();
    }
  }
  commits.before(order.task);
  const Nanos began = emitter.elapsed();
  Launch launch = launches.of(order.task, order.attempt);
  launch.group_limit_bytes = governor.group_limit(order.task);
  const auto pid = start(launch);
  governor.started(order.task);
  AttemptPlace place{pid ? *pid : 0, launches.log_of(launch)};
  if (order.attempt == 1) {
    place.cause = cause_of(order);
    begun.began(order.task);
  }
  runs.began(order, began, std::move(place));
  if (!pid) {
    ended(failed_start(order, pid.error()));
  }
}

// What could not be saved before it is not put at risk.
Result<int> Orchestrator::State::start(const Launch& launch) {
  if (inputs != nullptr && inputs->covers(launch.task)) {
    if (const std::string& why = inputs->verdict(launch.task).unsaved; !why.empty()) {
      return Error{ErrorCode::io, fmt::format("its checkpoint could not be made: {}", why)};
    }
  }
  return backend.start(launch);
}

// False where another run holds one of them.
bool Orchestrator::State::take_locks(const StageOrder& order) {
  const auto& wanted = plan.needs[static_cast<std::size_t>(order.task)].locks;
  if (wanted.empty()) {
    return true;
  }
  const auto busy = locks.acquire(order.task, wanted);
  if (!busy) {
    return true;
  }
  give_back(order.task);
  runs.refused(order, *busy, emitter.elapsed());
  next_lock_poll = emitter.elapsed() + kLockPoll;
  return false;
}

// Stages whose hooks were looked at begin, or do not. True where there are any.
bool Orchestrator::State::let_go_hooked() {
  if (!hooks.is_waiting()) {
    return false;
  }
  auto looked_at = hooks.news(kPatience);
  for (HookedStage& one : looked_at) {
    const int task = one.order.task;
    const bool is_told_to_end = !ended_by_itself(task);
    if (is_told_to_end || !one.refusal.empty()) {
      give_back(task);
      runs.not_begun(task, is_told_to_end ? "" : std::move(one.refusal), emitter.elapsed());
    } else {
      pass_marks(one.order);
    }
    obey();
  }
  return !looked_at.empty();
}

}  // namespace headway
