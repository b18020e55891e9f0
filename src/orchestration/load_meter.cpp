// The differences. Pressure totals move every two seconds only (the kernel's PSI_FREQ), so that a
// share is taken from move to move; where they stay for longer, nothing stalls.
#include "orchestration/load_meter.hpp"

#include <algorithm>

namespace headway {
namespace {

constexpr Nanos kPressureMoves = std::chrono::milliseconds(2500);

std::optional<Nanos> memory_stalls(const ResourceSample& sample) {
  const auto& pressure = sample.group.memory ? sample.group.memory : sample.machine.memory;
  return pressure ? std::optional(pressure->some_total) : std::nullopt;
}

}  // namespace

MachineLoad LoadMeter::read(Nanos now, const ResourceSample& sample) {
  MachineLoad load;
  load.usable_cpus = sample.usable_cpus;
  load.machine_cpus = sample.machine_cpus;
  if (sample.runnable) {
    load.runnable = std::max(0, *sample.runnable - 1);  // the thread that looks is one of them
  }
  if (sample.memory_available_bytes || !sample.memory_groups.empty()) {
    load.memory_room_bytes = memory_room_bytes(sample);
  }
  follow_stall(now, sample);
  load.memory_stall = stall_;
  const double seconds = to_seconds(now - before_at_).count();
  if (before_ && seconds > 0) {
    load.idle_cpus = idle_cpus(seconds, sample);
    if (sample.swapped_in_bytes && before_->swapped_in_bytes) {
      const auto bytes = static_cast<double>(*sample.swapped_in_bytes - *before_->swapped_in_bytes);
      load.swap_in_rate = std::max(0.0, bytes) / seconds;
    }
  }
  before_ = sample;
  before_at_ = now;
  return load;
}

// What is idle on the machine, and what the quota leaves: the less.
std::optional<double> LoadMeter::idle_cpus(double seconds, const ResourceSample& sample) const {
  std::optional<double> idle;
  if (sample.cpu_idle_total && before_->cpu_idle_total) {
    idle = to_seconds(*sample.cpu_idle_total - *before_->cpu_idle_total).count() / seconds;
  }
  if (sample.quota_used_total && before_->quota_used_total) {
    const double used =
        to_seconds(*sample.quota_used_total - *before_->quota_used_total).count() / seconds;
    idle = std::min(idle.value_or(sample.usable_cpus), sample.usable_cpus - used);
  }
  if (idle) {
    idle = std::clamp(*idle, 0.0, sample.usable_cpus);
  }
  return idle;
}

void LoadMeter::follow_stall(Nanos now, const ResourceSample& sample) {
  const std::optional<Nanos> total = memory_stalls(sample);
  if (!total || !stalled_ || *total < *stalled_) {
    stall_ = std::nullopt;
    stalled_ = total;
    stalled_at_ = now;
  } else if (*total > *stalled_) {
    // Before it moved it had stood for two seconds at most, however long nothing was stalled.
    const Nanos span = std::clamp<Nanos>(now - stalled_at_, Nanos(1), kPressureMoves);
    const double share = to_seconds(*total - *stalled_) / to_seconds(span);
    stall_ = std::min(1.0, share);
    stalled_ = total;
    stalled_at_ = now;
  } else if (now - stalled_at_ >= kPressureMoves) {
    stall_ = 0;
  }
}

}  // namespace headway
