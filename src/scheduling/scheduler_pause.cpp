// The part of Scheduler for memory that runs short: less of it, nothing new, attempts stopped for a
// while; and for attempts that wait before they begin. What a stopped attempt had is given back but
// for its memory and its locks; what waits before it begins keeps all.
#include "scheduling/scheduler.hpp"

#include <algorithm>

namespace headway {

void Scheduler::set_memory(std::int64_t bytes) {
  admission_.set_memory(bytes);
}

void Scheduler::set_open(bool is_open) {
  admission_.set_open(is_open);
}

bool Scheduler::paused(int task) const noexcept {
  return std::any_of(
      pauses_.begin(), pauses_.end(), [task](const Pause& one) { return one.task == task; });
}

bool Scheduler::pause(Nanos now, int task) {
  const Task& run = task_of(task);
  if (run.state != TaskState::running || run.stop != Action::Reason::none || run.is_held ||
      paused(task)) {
    return false;
  }
  const std::optional<Nanos> due = deadlines_.of(task);
  pauses_.push_back({task, due ? std::optional(*due - now) : std::nullopt});
  deadlines_.drop(task);
  free_slot(task);
  admission_.pause(rank_of(task));
  return true;
}

void Scheduler::hold(int task) {
  Task& run = task_of(task);
  if (run.stop == Action::Reason::none) {
    run.is_held = true;
    deadlines_.drop(task);
  }
}

void Scheduler::begin_held(Nanos now, int task) {
  Task& run = task_of(task);
  run.is_held = false;
  if (run.stop == Action::Reason::none && needs_of(task).timeout) {
    deadlines_.set(task, now + *needs_of(task).timeout);
  }
}

int Scheduler::go_on(Nanos now, int task) {
  const auto found = std::find_if(
      pauses_.begin(), pauses_.end(), [task](const Pause& one) { return one.task == task; });
  if (found == pauses_.end()) {
    return task_of(task).slot;
  }
  if (found->left && task_of(task).stop == Action::Reason::none) {
    deadlines_.set(task, now + *found->left);
  }
  pauses_.erase(found);
  admission_.go_on(rank_of(task));
  return take_slot(task);
}

}  // namespace headway
