// The marks and the order of MemoryGuard. GNU parallel --memfree kills the youngest job at half of
// the wanted room and starts it again later, --memsuspend stops it; systemd-oomd kills what grows
// most. A stage may not be safe to repeat, so here it is stopped, never killed.
#include "scheduling/memory_guard.hpp"

#include <algorithm>

namespace headway {
namespace {

// Room, as parts of the budget. Below kCritical the room is so small that waiting to see whether it
// shrinks is too late.
constexpr std::int64_t kNoStarts = 10;    // a tenth
constexpr std::int64_t kStartsAgain = 8;  // an eighth: hysteresis
constexpr std::int64_t kThreatened = 20;  // a twentieth
constexpr std::int64_t kCritical = 50;
constexpr std::int64_t kGoesOn = 8;         // beside what the task will still take
constexpr std::int64_t kUnknownGrowth = 8;  // of a task nobody knows
// A stopped task stays so for as long at least, doubled each time it had to be stopped again.
constexpr Nanos kLeastStop = std::chrono::seconds(1);
constexpr int kMostDoublings = 6;

// What it will still take, by prediction; nothing where that was wrong already: it is told
// elsewhere, and its size counts as it is.
std::int64_t growth_of(const GuardedTask& task) {
  return std::max<std::int64_t>(0, task.predicted_bytes - task.bytes);
}

}  // namespace

bool MemoryGuard::is_stopped(int task) const {
  return std::find(stopped_tasks_.begin(), stopped_tasks_.end(), task) != stopped_tasks_.end();
}

MemoryDecision MemoryGuard::look(Nanos now, const MemoryState& state, Tasks tasks) {
  std::sort(tasks.begin(), tasks.end(), [](const GuardedTask& a, const GuardedTask& b) {
    return a.started < b.started;
  });
  forget_gone(tasks);
  MemoryDecision decision;
  const std::int64_t room = std::max<std::int64_t>(0, state.room_bytes);
  const std::int64_t limit = state.limit_bytes;
  const bool shrinks = room < room_before_;
  room_before_ = room;
  const bool too_soon = has_stopped_ && now - last_stop_ < kLeastBetweenStops;
  if (const GuardedTask* task = to_go_on(now, state, tasks)) {
    go_on(*task, decision);
  } else if (room < limit / kThreatened && (shrinks || room < limit / kCritical) && !too_soon) {
    if (const GuardedTask* newest = newest_running(tasks)) {
      stop(now, *newest, decision);
    }
  }
  admits_ = stopped_ == 0 && room >= limit / (admits_ ? kNoStarts : kStartsAgain);
  decision.admit = admits_ || tasks.empty();
  if (limit <= 0) {
    decision.free_bytes = decision.budget_bytes = INT64_MAX;
    return decision;
  }
  std::int64_t predicted = 0;
  decision.free_bytes = room;
  for (const GuardedTask& task : tasks) {
    decision.free_bytes -= growth_of(task);
    predicted += task.predicted_bytes;
  }
  decision.free_bytes = std::max<std::int64_t>(0, decision.free_bytes);
  decision.budget_bytes = predicted + decision.free_bytes;
  return decision;
}

void MemoryGuard::forget_gone(const Tasks& tasks) {
  std::unordered_map<std::int64_t, Known> alive;
  stopped_tasks_.clear();
  for (const GuardedTask& task : tasks) {
    const auto found = known_.find(task.started);
    if (found != known_.end()) {
      alive.insert(*found);
      if (found->second.stopped) {
        stopped_tasks_.push_back(task.task);
      }
    }
  }
  known_ = std::move(alive);
  stopped_ = static_cast<int>(stopped_tasks_.size());
}

// The youngest that is not stopped; nothing where that is the oldest of all.
const GuardedTask* MemoryGuard::newest_running(const Tasks& tasks) const {
  for (std::size_t i = tasks.size(); i > 1; --i) {
    if (!is_stopped(tasks[i - 1].task)) {
      return &tasks[i - 1];
    }
  }
  return nullptr;
}

// The oldest stopped one: at once where it is the oldest of all, else when its time and its room
// have come.
const GuardedTask* MemoryGuard::to_go_on(Nanos now,
                                         const MemoryState& state,
                                         const Tasks& tasks) const {
  std::int64_t needed = state.limit_bytes / kGoesOn;
  for (const GuardedTask& task : tasks) {
    if (!is_stopped(task.task)) {
      needed += growth_of(task);
      continue;
    }
    if (&task == &tasks.front()) {
      return &task;
    }
    const Known& known = known_.at(task.started);
    const Nanos wait = kLeastStop * (1 << std::min(known.times - 1, kMostDoublings));
    needed += task.predicted_bytes > 0 ? growth_of(task) : state.limit_bytes / kUnknownGrowth;
    const bool fits = state.room_bytes >= needed;
    return fits && now - known.stopped_at >= wait ? &task : nullptr;
  }
  return nullptr;
}

void MemoryGuard::stop(Nanos now, const GuardedTask& task, MemoryDecision& decision) {
  Known& known = known_[task.started];
  known.stopped = true;
  known.stopped_at = now;
  ++known.times;
  stopped_tasks_.push_back(task.task);
  ++stopped_;
  last_stop_ = now;
  has_stopped_ = true;
  decision.stop = task.task;
}

void MemoryGuard::go_on(const GuardedTask& task, MemoryDecision& decision) {
  known_[task.started].stopped = false;
  std::erase(stopped_tasks_, task.task);
  --stopped_;
  decision.go_on = task.task;
}

}  // namespace headway
