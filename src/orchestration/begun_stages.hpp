// BegunStages: which stages began in this run, and so which of their successors stand on something
// new. Pure; knows no process.
#pragma once

#include "orchestration/run_plan.hpp"

#include <vector>

namespace headway {

// Not synchronised. `plan` outlives it.
class BegunStages {
 public:
  explicit BegunStages(const RunPlan& plan)
      : plan_(plan), stands_on_(static_cast<std::size_t>(plan.size()), -1) {}

  // The first attempt of it began.
  void began(int task);
  // It is done without having begun: it stands on what its needs stand on.
  void passed_over(int task);
  // A task that began in this run and that `task` needs, through stages that were passed over too;
  // of an `always` stage the last that began. -1: none.
  int below(int task) const;
  // Why the task begins, as far as the run that goes on here tells; of kind none: it tells nothing.
  StageCause cause(int task) const;

 private:
  const RunPlan& plan_;
  // By task: the one that began in this run and that it stands on (itself, where it did); -1: none.
  std::vector<int> stands_on_;
  int last_begun_ = -1;
};

}  // namespace headway
