// WorkerChoice: whether sharing tasks among workers pays, from what they were measured to cost.
// Reads no clock: times come in as ticks.
#pragma once

#include "execution/tick_clock.hpp"

namespace headway {

// Limits in ticks, made of nanoseconds once a run.
struct ChoiceLimits {
  explicit ChoiceLimits(double ticks_per_nanosecond);

  double share_level;  // the least work of a level that pays for two meetings of its workers
  double wake_worker;  // the least work left that pays for waking or starting a thread
  double fine_task;    // tasks up to this cost are worth running level by level
  double coarse_task;  // from this on a level waits too long for its last task
  double piece;        // work that one worker does before it looks around
  double patience;     // loss by sharing that is borne before it is given up
  double rest;         // how much is then done alone before sharing is tried again
  double probe;        // how much is shared before the cost alone is measured again
};

// Kept over the runs of one graph, so that the next run begins as the last one ended. Used by one
// worker at a time.
class WorkerChoice {
 public:
  // Before a run. `is_forced`: every choice that can be shared is.
  void begin(const ChoiceLimits& limits, bool is_forced);

  // What was measured. `elapsed` is the wall time of all the tasks together.
  void ran_alone(int tasks, Ticks elapsed);
  void ran_shared(int tasks, Ticks elapsed);
  // A rough measurement that replaces what is known, until the next ran_alone().
  void ran_anew(int tasks, Ticks elapsed);

  // Whether tasks are known, or known to be too long, to be run level by level.
  bool is_known() const noexcept { return is_known_; }
  bool is_coarse() const noexcept { return is_known_ && cost_ > limits_.coarse_task; }
  // Whether tasks of this mean cost may be run level by level.
  bool is_fine(int tasks, Ticks elapsed) const noexcept;
  // How many independent tasks are worth sharing; the largest int where none are.
  int least_shared() const noexcept;
  // Whether so many tasks left are worth waking somebody for.
  bool pays_to_wake(int tasks_left) const noexcept;
  // Tasks that one worker should run before it looks around; >= 1.
  int piece() const noexcept;
  // Tasks that one worker should take at a time where others may take the rest; >= 1.
  int chunk() const noexcept;

 private:
  ChoiceLimits limits_{1};
  bool is_forced_ = false;
  bool is_known_ = false;
  bool is_rough_ = false;   // the cost holds more than the tasks: measure alone as soon as possible
  double cost_ = 0;         // ticks a task, on one worker
  double balance_ = 0;      // gained (or lost, below 0) by sharing of late
  double rest_left_ = 0;    // work to do alone before sharing is tried again
  double until_probe_ = 0;  // work to share before a piece is run alone
};

}  // namespace headway
