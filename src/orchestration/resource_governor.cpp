// See resource_governor.hpp. Every rule is in what it joins, but for a person's own limit on
// memory.
#include "orchestration/resource_governor.hpp"

#include <algorithm>

namespace headway {

ResourceGovernor::ResourceGovernor(ResourceProbe& probe, GovernorOptions options)
    : probe_(probe), options_(options), policy_(options.workers) {}

WorkerDecision ResourceGovernor::start(Nanos now) {
  const WorkerDecision decision = policy_.start(now, meter_.read(now, probe_.sample()));
  start_slots_ = decision.slots;
  next_ = now + kEvery;
  return decision;
}

Orders ResourceGovernor::look(Nanos now, const WorkLoad& work, std::vector<GuardedTask> tasks) {
  next_ = now + kEvery;
  Orders orders;
  orders.sample = probe_.sample();
  orders.load = meter_.read(now, orders.sample);
  const MemoryState memory = memory_of(orders.sample, tasks);
  orders.memory = guard_.look(now, memory, std::move(tasks));
  if (options_.follow_load) {
    orders.workers = policy_.look(now, orders.load, work);
    orders.extra_cpus = std::max(0, policy_.slots() - start_slots_);
  }
  return orders;
}

// What is left is what the machine has, and no more than a person's limit less what the run uses.
MemoryState ResourceGovernor::memory_of(const ResourceSample& sample,
                                        const std::vector<GuardedTask>& tasks) const {
  MemoryState state{memory_limit_bytes(sample), memory_room_bytes(sample)};
  if (options_.memory_bytes > 0 &&
      (state.limit_bytes == 0 || options_.memory_bytes < state.limit_bytes)) {
    std::int64_t used = 0;
    for (const GuardedTask& task : tasks) {
      used += task.bytes;
    }
    const std::int64_t left = std::max<std::int64_t>(0, options_.memory_bytes - used);
    state.room_bytes = state.limit_bytes == 0 ? left : std::min(state.room_bytes, left);
    state.limit_bytes = options_.memory_bytes;
  }
  return state;
}

}  // namespace headway
