// RunEstimate: how long is left of a run, by replay of its own scheduler's state. Reads no clock.
#pragma once

#include "orchestration/run_plan.hpp"
#include "timing/remaining_time.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace headway {

// What the run itself knows of one task's times.
struct TaskTimes {
  Nanos started{};  // of the running attempt, on the run's axis
  Nanos took{};     // of a task that is done, all attempts
};

// Keeps the parts of a replay that do not change during a run. Not synchronised.
class RunEstimate {
 public:
  explicit RunEstimate(const RunPlan& plan);

  // The time left at `now` (the run's axis), with what `times` tells of each task.
  RemainingEstimate remaining(const Scheduler& scheduler,
                              Nanos now,
                              const std::function<TaskTimes(int)>& times);
  // So many stages may run at once from now on.
  void set_slots(int slots) noexcept { input_.limits.slots = slots; }

 private:
  const RunPlan& plan_;
  ReplayInput input_;
  std::optional<std::vector<PastInterval>> recent_;  // once the run lasts
  IntervalScale scale_;
};

}  // namespace headway
