// WhatIf: how long a workflow would take with other workers, memory, faster stages or fewer needs:
// replays of the real scheduler. Starts nothing, reads no clock and no file.
#pragma once

#include "base/clock.hpp"
#include "model/run_event.hpp"
#include "scheduling/scheduler.hpp"
#include "timing/duration_model.hpp"
#include "timing/duration_prior.hpp"
#include "timing/history.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// What is asked about. Durations are either exact (a recorded trace) or those of a history.
struct Workload {
  std::vector<std::string> keys;        // by task; unique
  std::vector<std::vector<int>> needs;  // by task; no cycle
  std::vector<TaskNeeds> tasks;         // by task
  std::vector<double> exact;            // seconds by task; empty: `history` counts
  std::vector<std::pair<std::string, std::vector<StageSample>>> history;  // by key, newest first

  int size() const noexcept { return static_cast<int>(keys.size()); }
};

// The task runs `factor` times as fast (> 0; below 1: slower). One that history does not know is
// taken to last what DurationModel borrows for it.
void make_faster(Workload& workload, int task, double factor);
// `task` waits no longer for `need`. False, and nothing done, where it did not wait for it
// directly.
bool drop_need(Workload& workload, int task, int need);

// An answer. `lower_bound` is max(critical path, work / slots): no schedule on so many slots is
// faster (Graham 1969); medians over the same draws, so that expected >= lower_bound.
struct WhatIfAnswer {
  Nanos expected{}, p10{}, p90{};  // p10 = p90 = expected where the durations are exact
  Nanos lower_bound{};
  double confidence = 0;  // 0: history knows nothing, the times mean nothing; exact: 1
  int runs = 0;           // of the history
};

// Asked as often as wanted about one workload. Deterministic, and all answers rest on the same
// draws of durations: differences are those of the question (common random numbers; Kahn and
// Marshall 1953). Not synchronised.
class WhatIf {
 public:
  explicit WhatIf(const Workload& workload);

  // Limits of memory and cpus that are 0 do not count. slots >= 1.
  WhatIfAnswer ask(const SchedulerLimits& limits) const;
  // With as many workers as can be used, and all memory: the critical path.
  Nanos critical_path() const noexcept { return critical_path_; }
  // Of all tasks together.
  Nanos work() const noexcept { return work_; }
  // Its tasks, first to last, by what they usually take.
  std::vector<int> critical_tasks() const;
  // Tasks that history has never seen.
  int unknown_tasks() const noexcept;

 private:
  RemainingEstimate replayed(const std::vector<TaskNeeds>& tasks,
                             const SchedulerLimits& limits) const;

  const Workload& workload_;
  CsrGraph graph_;
  DurationModel model_;
  DurationPrior prior_;
  std::vector<std::string_view> keys_;
  std::vector<double> scaled_;  // exact durations in units in which their sum fits
  double unit_ = 1;             // seconds a unit
  Nanos critical_path_{}, work_{};
};

}  // namespace headway
