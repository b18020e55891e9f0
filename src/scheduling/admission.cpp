// The decision of what starts next. A demand above the whole budget is kept as a little more than
// the budget can ever be: it never fits beside anything, and while it runs what is free is
// negative, so that nothing fits beside it.
#include "scheduling/admission.hpp"

#include <algorithm>
#include <cmath>

namespace headway {

namespace {

constexpr double kUnitsPerCpu = 1000;
constexpr std::int32_t kMostCpuUnits = INT32_MAX / 4;
constexpr std::int32_t kMostExtraUnits = 1 << 20;
constexpr std::int64_t kMostMemory = INT64_MAX / 4;
constexpr Demand kEverything{INT64_MAX - 1, INT32_MAX - 1};

std::int32_t cpu_units(double cpus) {
  const double units = std::round(cpus * kUnitsPerCpu);
  return static_cast<std::int32_t>(std::clamp(units, 0.0, double{kMostCpuUnits}));
}

bool fits(Demand demand, Demand free) {
  return demand.cpu <= free.cpu && demand.memory <= free.memory;
}

// What that task wants of the limited part of the budget.
Demand demand_of(const TaskNeeds& task, const SchedulerLimits& limits, Demand budget) {
  Demand demand;
  if (limits.cpus > 0) {
    demand.cpu = cpu_units(task.cpus);
    demand.cpu = demand.cpu > budget.cpu ? budget.cpu + kMostExtraUnits + 1 : demand.cpu;
  }
  if (limits.memory_bytes > 0) {
    demand.memory = std::clamp<std::int64_t>(task.memory_bytes, 0, budget.memory + 1);
  }
  return demand;
}

}  // namespace

Admission::Admission(const std::vector<TaskNeeds>& needs,
                     std::span<const std::int32_t> order,
                     const SchedulerLimits& limits,
                     int max_passes)
    : ranks_(static_cast<int>(order.size())),
      max_passes_(max_passes),
      slots_(std::max(limits.slots, 1)) {
  budget_.cpu = limits.cpus > 0 ? std::max(cpu_units(limits.cpus), 1) : kMostCpuUnits;
  budget_.memory =
      limits.memory_bytes > 0 ? std::min(limits.memory_bytes, kMostMemory) : kMostMemory;
  std::vector<Demand> demands;
  demands.reserve(order.size());
  for (const std::int32_t task : order) {
    demands.push_back(demand_of(needs[static_cast<std::size_t>(task)], limits, budget_));
    largest_.cpu = std::max(largest_.cpu, demands.back().cpu);
    largest_.memory = std::max(largest_.memory, demands.back().memory);
  }
  demands_ = std::make_shared<const std::vector<Demand>>(std::move(demands));
  set_slots(slots_);
}

bool Admission::can_run_short() const noexcept {
  return largest_.cpu > budget_.cpu / slots_ ||
         largest_.memory > (budget_.memory + extra_memory_) / slots_;
}

void Admission::set_slots(int slots, double extra_cpus) {
  slots_ = std::max(slots, 1);
  extra_cpu_ = budget_.cpu < kMostCpuUnits ? std::min(cpu_units(extra_cpus), kMostExtraUnits) : 0;
  if (can_run_short()) {
    limit();
  }
}

void Admission::set_memory(std::int64_t bytes) {
  if (budget_.memory < kMostMemory) {
    extra_memory_ = std::clamp<std::int64_t>(bytes, 0, budget_.memory) - budget_.memory;
    if (can_run_short()) {
      limit();
    }
  }
}

// From now on it is looked at whether a task fits; once is for good.
void Admission::limit() {
  if (limited_) {
    return;
  }
  limited_ = true;
  tree_ = FitTree(static_cast<int>(demands_->size()), max_passes_);
  for (int rank = ranks_.first(); rank >= 0; rank = ranks_.first()) {
    ranks_.erase(rank);
    insert(rank);
  }
}

void Admission::insert(int rank) noexcept {
  if (limited_) {
    tree_.insert(rank, (*demands_)[static_cast<std::size_t>(rank)]);
  } else {
    ranks_.insert(rank);
  }
}

void Admission::erase(int rank) noexcept {
  if (limited_) {
    tree_.erase(rank);
  } else {
    ranks_.erase(rank);
  }
}

Demand Admission::free() const noexcept {
  if (running_ + paused_ == 0) {
    return kEverything;
  }
  return {budget_.memory + extra_memory_ - used_.memory, budget_.cpu + extra_cpu_ - used_.cpu};
}

int Admission::pick() const noexcept {
  if (!slot_free()) {
    return -1;
  }
  if (!limited_) {
    return ranks_.first();
  }
  Demand left = free();
  const Demand held = tree_.held_demand();
  if (held.cpu >= 0) {
    const int first = tree_.first_held(0);
    if (fits(tree_.demand(first), left)) {
      return first;
    }
    // What a held task waits for is closed to the others; a task that must run alone waits for all.
    const bool alone = held.cpu > budget_.cpu || held.memory > budget_.memory;
    const std::int32_t closed = alone ? -1 : 0;
    if (alone || held.cpu > left.cpu) {
      left.cpu = std::min(left.cpu, closed);
    }
    if (alone || held.memory > left.memory) {
      left.memory = std::min<std::int64_t>(left.memory, closed);
    }
  }
  return tree_.first_fit(left);
}

void Admission::start(int rank) noexcept {
  if (limited_) {
    tree_.start(rank);
    tree_.count_pass(rank);
  } else {
    ranks_.erase(rank);
  }
  take(rank);
}

void Admission::take(int rank) noexcept {
  const Demand& demand = (*demands_)[static_cast<std::size_t>(rank)];
  used_.cpu += demand.cpu;
  used_.memory += demand.memory;
  ++running_;
}

void Admission::pause(int rank) {
  limit();  // what is stopped keeps memory that slots do not account for
  used_.cpu -= (*demands_)[static_cast<std::size_t>(rank)].cpu;
  --running_;
  ++paused_;
}

void Admission::go_on(int rank) noexcept {
  used_.cpu += (*demands_)[static_cast<std::size_t>(rank)].cpu;
  ++running_;
  --paused_;
}

void Admission::run_alone(int rank) {
  std::vector<Demand> demands = *demands_;
  demands[static_cast<std::size_t>(rank)].cpu = budget_.cpu + kMostExtraUnits + 1;
  demands_ = std::make_shared<const std::vector<Demand>>(std::move(demands));
  largest_.cpu = budget_.cpu + kMostExtraUnits + 1;
  limit();
}

void Admission::give(int rank) noexcept {
  const Demand& demand = (*demands_)[static_cast<std::size_t>(rank)];
  used_.cpu -= demand.cpu;
  used_.memory -= demand.memory;
  --running_;
}

}  // namespace headway
