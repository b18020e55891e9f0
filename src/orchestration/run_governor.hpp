// RunGovernor: carries out what the ResourceGovernor orders: slots, memory and stopped stages, with
// an event for each. Decides nothing.
#pragma once

#include "execution/backend.hpp"
#include "orchestration/event_emitter.hpp"
#include "orchestration/resource_governor.hpp"
#include "orchestration/run_plan.hpp"
#include "scheduling/scheduler.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace headway {

// What it acts on; all must outlive it.
struct GovernedRun {
  const RunPlan& plan;
  Scheduler& scheduler;
  Backend& backend;
  EventEmitter& emitter;
};

// Of one run. Without a probe nothing is ever due and the plan's limits stand. Not synchronised.
class RunGovernor {
 public:
  RunGovernor(GovernedRun run, ResourceProbe* probe);

  // Before anything is told or started: the slots of the run from now on.
  int start();
  // When look() should be called next, on the run's axis; nothing: never.
  std::optional<Nanos> next() const noexcept;
  // Looks at the machine and at what runs, and carries out what follows. True where the scheduler
  // may now decide otherwise. Early calls do nothing.
  bool look(Nanos now);
  // An attempt of that task was started.
  void started(int task) { order_[static_cast<std::size_t>(task)] = ++starts_; }
  // It is about to be told to end, which wakes one that stands still.
  void ending(Nanos now, int task);
  // What Launch::group_limit_bytes of its next attempt should be.
  std::optional<std::int64_t> group_limit(int task) const;
  // It ended by itself with that exit: was it the kernel, for want of memory? Told by the counter
  // of its control group; where it has none, by that of the group that Headway is in, else by that
  // of the machine, where it has grown since the look before the last.
  bool was_out_of_memory(const Exit& exit);
  int slots() const noexcept { return slots_; }

 private:
  WorkLoad work() const;
  std::vector<GuardedTask> alive() const;
  bool carry_out(Nanos now, const Orders& orders);

  GovernedRun run_;
  ResourceProbe* probe_;
  std::optional<ResourceGovernor> governor_;
  std::vector<std::int64_t> order_;  // by task: when its newest attempt started
  std::vector<bool> was_killed_;     // by task: for want of memory
  std::int64_t starts_ = 0;
  std::int64_t kills_seen_ = 0;  // of the group, else of the machine, at the last look
  // Those that explain no further exit: seen at the look before, or taken by an exit since. (A look
  // may fall between a kill and the news of it.)
  std::int64_t kills_claimed_ = 0;
  std::string start_reason_;  // to be told: why there are more slots than CPUs from the start
  int slots_ = 1;
  bool admits_ = true;
  Nanos next_sample_event_{};
};

}  // namespace headway
