// RunEstimate: how long is left of a run, by replay of its own scheduler's state. Reads no clock.
#pragma once

#include "orchestration/run_plan.hpp"
#include "timing/replay.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace headway {

// Keeps the parts of a replay that do not change during a run. Not synchronised.
class RunEstimate {
 public:
  explicit RunEstimate(const RunPlan& plan);

  // The time left at `now` (the run's axis). `started` tells when the running attempt of a task
  // began.
  RemainingEstimate remaining(const Scheduler& scheduler,
                              Nanos now,
                              const std::function<Nanos(int)>& started);

 private:
  const RunPlan& plan_;
  ReplayInput input_;
  std::vector<std::string_view> keys_;
};

}  // namespace headway
