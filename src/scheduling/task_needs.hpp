// What the scheduling core must know of one task, and of the whole. Plain values; no behaviour.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace headway {

// When a failed attempt may be repeated, with the delay before retry n (from 1): delay *
// backoff^(n-1), less up to `jitter` of it, at most 1 h.
struct RetryPolicy {
  int max = 0;
  Nanos delay = std::chrono::seconds(1);
  double backoff = 2;
  double jitter = 0;
};

// What the core must know of one task.
struct TaskNeeds {
  double cpus = 1;
  std::int64_t memory_bytes = 0;
  std::vector<int> locks;        // numbers of locks, from 0
  std::optional<Nanos> timeout;  // of one attempt
  Nanos grace = std::chrono::seconds(5);
  RetryPolicy retries;
  bool allow_failure = false;  // its failure counts as success for what needs it
  bool always = false;         // runs after all ordinary tasks are settled, whatever came of them
  double weight = 1;           // expected duration in any unit; the critical path is made of it
};

// What the core must know of all tasks, by task. Copies share one block: a run, its estimates and
// their replays read the same. Immutable; safe from any thread.
class TaskNeedsList {
 public:
  TaskNeedsList() : TaskNeedsList(std::vector<TaskNeeds>{}) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  TaskNeedsList(std::vector<TaskNeeds> needs)
      : needs_(std::make_shared<const std::vector<TaskNeeds>>(std::move(needs))) {}

  std::size_t size() const noexcept { return needs_->size(); }
  const TaskNeeds& operator[](std::size_t task) const noexcept { return (*needs_)[task]; }
  auto begin() const noexcept { return needs_->begin(); }
  auto end() const noexcept { return needs_->end(); }
  // The block itself, for a copy that is to be changed.
  const std::vector<TaskNeeds>& all() const noexcept { return *needs_; }

 private:
  std::shared_ptr<const std::vector<TaskNeeds>> needs_;
};

// What happens to the rest when a task has finally failed.
enum class FailureMode {
  fail_fast,  // nothing new starts; what runs, and its retries, may finish
  kill,       // what runs is terminated, then killed after its grace
  keep_going  // only what depends on the failure is skipped
};

// How much may be in use at once. A task that wants more than the whole budget runs alone.
struct SchedulerLimits {
  int slots = 1;                  // >= 1
  double cpus = 0;                // 0: not limited
  std::int64_t memory_bytes = 0;  // 0: not limited
  FailureMode failure_mode = FailureMode::fail_fast;
  std::uint64_t seed = 1;  // of the jitter: same input, same plan
};

}  // namespace headway
