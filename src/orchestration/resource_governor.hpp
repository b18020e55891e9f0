// ResourceGovernor: one look at the machine becomes what the run must change now. Joins probe,
// meter, policy and guard; starts, stops and writes nothing itself.
#pragma once

#include "host/resource_probe.hpp"
#include "orchestration/load_meter.hpp"
#include "scheduling/memory_guard.hpp"
#include "scheduling/worker_policy.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace headway {

// How a run is governed.
struct GovernorOptions {
  bool follow_load = true;  // false: a person named the number of slots, it stays
  WorkerPolicyOptions workers{};
  std::int64_t memory_bytes = 0;  // a person's limit on the run, 0: what the machine grants
};

// What the run must do now; most looks order nothing.
struct Orders {
  std::optional<WorkerDecision> workers;  // new slots: an event, and Scheduler::set_slots()
  double extra_cpus = 0;                  // the second argument of that
  MemoryDecision memory;                  // set_open(admit), set_memory(budget_bytes), pause, go_on
  ResourceSample sample;                  // what was seen, for the event of the sample
  MachineLoad load;                       // and what it says beside the look before
};

// Looks at most every kEvery. Not synchronised; `probe` outlives it.
class ResourceGovernor {
 public:
  static constexpr Nanos kEvery = std::chrono::milliseconds(500);

  ResourceGovernor(ResourceProbe& probe, GovernorOptions options);

  // The first look: the slots to start with.
  WorkerDecision start(Nanos now);
  bool is_due(Nanos now) const noexcept { return now >= next_; }
  // When it is due next: for a timer.
  Nanos next() const noexcept { return next_; }
  // `tasks`: every attempt that is alive, with its sampled bytes.
  Orders look(Nanos now, const WorkLoad& work, std::vector<GuardedTask> tasks);

 private:
  MemoryState memory_of(const ResourceSample& sample, const std::vector<GuardedTask>& tasks) const;

  ResourceProbe& probe_;
  GovernorOptions options_;
  LoadMeter meter_;
  WorkerPolicy policy_;
  MemoryGuard guard_;
  int start_slots_ = 1;
  Nanos next_{};
};

}  // namespace headway
