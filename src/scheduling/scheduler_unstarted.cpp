// The part of Scheduler for starts that did not come to pass: refused because of a lock, or not
// needed.
#include "scheduling/scheduler.hpp"

namespace headway {

void Scheduler::start_refused(Nanos now, int task, int lock) {
  Task& run = task_of(task);
  if (run.state != TaskState::running) {
    return;
  }
  vacate(task);
  --run.attempt;
  unstarted_at_ = now;
  set_lock_elsewhere(lock, true);
  if (!may_go_on(task)) {
    run.state = TaskState::waiting;
    refused_late_.push_back(task);  // settled by the next advance()
    return;
  }
  run.state = TaskState::ready;
  enqueue(task);
}

void Scheduler::done_already(Nanos now, int task, std::vector<Action>& out) {
  Task& run = task_of(task);
  if (run.state != TaskState::running) {
    return;
  }
  vacate(task);
  --run.attempt;
  unstarted_at_ = now;
  Action told;
  told.kind = Action::Kind::settled;
  told.task = task;
  settle(task, TaskState::succeeded, told, out);
  release_successors(task);
}

void Scheduler::drop_refused(std::vector<Action>& out) {
  for (const std::int32_t task : refused_late_) {
    if (task_of(task).state != TaskState::waiting) {
      continue;
    }
    Action told;
    told.kind = Action::Kind::skip;
    told.reason = Action::Reason::cancelled;
    told.task = task;
    if (phase_ == Phase::halted) {
      told.reason = Action::Reason::failure_elsewhere;
      told.other = failed_task_;
    }
    drop_unstarted(task, told, out);
  }
  refused_late_.clear();
}

}  // namespace headway
