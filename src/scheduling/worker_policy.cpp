// The rules of WorkerPolicy, one function each, and the numbers in them.
//
// What others do, and what their users report: make -l and ninja -l compare the load average, which
// lags by seconds, so that a herd of jobs starts and then none (ninja issue 1877); the run queue of
// /proc/loadavg, which make 4.4 reads, does not lag (ninja issue 2218: 562 against 132 at the
// peak). Counting one's own jobs as load starves the only program on a machine (Bazel issue 26794):
// own width is taken off here. GNU parallel --memfree kills the youngest job; here fewer start, and
// MemoryGuard stops the youngest. CPU pressure (PSI) is not used: with as many stages as CPUs it is
// high, and nothing is wrong.
#include "scheduling/worker_policy.hpp"

#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace headway {
namespace {

using std::chrono::seconds;
using Reason = WorkerDecision::Reason;

// Memory. Something stalled in a tenth of the time is felt (Android's lmkd acts at 7 to 10 %);
// below 2 % nothing is. Swapping in means that what was pushed out is wanted back; one burst is a
// program that somebody brings to the front, two looks in a row are not.
constexpr double kStallHigh = 0.10;
constexpr double kStallLow = 0.02;
constexpr double kSwapHigh = 4.0 * 1024 * 1024;
constexpr double kSwapLow = 0.5 * 1024 * 1024;
constexpr int kSwappingLooks = 2;
// PSI totals move every 2 s, and a stage must end before fewer slots are felt.
constexpr Nanos kSettle = seconds(2);
// CPUs are not urgent (time slicing shares them), and the smoothed queue lags: two of its spans.
constexpr Nanos kCpuSettle = seconds(6);

// CPUs. The run queue is a count of one moment: smoothed over 3 s. Foreign load counts when the
// queue is a quarter above the CPUs and half above what we run ourselves (compilers are short of 2
// threads).
constexpr double kQueueSeconds = 3;
constexpr double kQueueHigh = 1.25;
constexpr double kQueueLow = 1.1;
constexpr double kAboveOwn = 1.5;
constexpr double kLittleShare = 0.5;  // of the least that foreign load leaves us
constexpr double kOwnHigh = 1.5;      // run queue over CPUs, where slots exceed CPUs
constexpr double kOwnQueue = 1;       // a queue this long comes and goes by itself
// Two stages at once wait for each other less than one alone waits for its disk: beside others on a
// small machine they take no more than their share, which time slicing sees to.
constexpr double kLeastBesideOthers = 2;
// A tenth of the CPUs (and half of one) idle for 2 s: more can run.
constexpr double kIdleShare = 0.1;
constexpr double kIdleLeast = 0.5;
constexpr double kMostlyIdle = 0.75;
constexpr Nanos kIdleFor = seconds(2);

// Between changes, and between trouble and a rise; see the class.
constexpr Nanos kChangeEvery = seconds(1);
constexpr Nanos kPatience = seconds(4);
constexpr Nanos kMostPatience = seconds(60);
constexpr Nanos kTakenBack = seconds(30);             // a fall this soon after a rise
constexpr Nanos kForgiven = std::chrono::minutes(2);  // no trouble for so long

constexpr double kRounding = 1e-9;  // ten times a tenth is one

int to_slots(double value) {
  return std::max(1, static_cast<int>(std::lround(std::min(value, 1e6))));
}

double percent(double share) {
  return 100 * share;
}

}  // namespace

std::string_view to_string(WorkerDecision::Reason reason) noexcept {
  switch (reason) {
    case Reason::start:
      return "start";
    case Reason::memory_pressure:
      return "memory_pressure";
    case Reason::swapping:
      return "swapping";
    case Reason::foreign_load:
      return "foreign_load";
    case Reason::own_load:
      return "own_load";
    case Reason::idle_cpus:
      return "idle_cpus";
    case Reason::pressure_over:
      return "pressure_over";
    case Reason::limits_changed:
      return "limits_changed";
  }
  return "start";
}

WorkerPolicy::WorkerPolicy(WorkerPolicyOptions options) : options_(options), patience_(kPatience) {
  options_.most_slots = std::max(1, options_.most_slots);
  options_.stage_bytes = std::max<std::int64_t>(1, options_.stage_bytes);
}

int slots_for_demand(const std::vector<double>& ascending_cpus, double cpus) {
  const double available = std::max(1.0, std::round(cpus));
  const int least = to_slots(cpus);
  const int most = to_slots(available * kMostAtStart);
  int count = 0;
  double wanted = 0;
  for (const double one : ascending_cpus) {
    wanted += one;
    if (count >= most || wanted > available + kRounding) {
      break;
    }
    ++count;
  }
  return std::max(least, count);
}

int WorkerPolicy::most(const MachineLoad& load) const {
  const int by_cpus = std::max(2, to_slots(load.usable_cpus * kMostPerCpu));
  return std::min(options_.most_slots, std::max(by_cpus, start_value(load)));
}

int WorkerPolicy::start_value(const MachineLoad& load) const {
  const std::int64_t by_cpus = slots_for_demand(options_.stage_cpus, load.usable_cpus);
  return static_cast<int>(std::max<std::int64_t>(
      1, std::min<std::int64_t>({by_cpus, start_room_, options_.most_slots})));
}

WorkerDecision WorkerPolicy::start(Nanos now, const MachineLoad& load) {
  start_room_ =
      load.memory_room_bytes ? *load.memory_room_bytes / options_.stage_bytes : options_.most_slots;
  normal_ = start_value(load);
  slots_ = normal_;
  runnable_ = load.runnable.value_or(0);
  last_look_ = last_change_ = idle_since_ = now;
  std::string text = fmt::format("{:.3g} CPUs usable", load.usable_cpus);
  if (slots_ > to_slots(load.usable_cpus)) {
    text += ", stages take less than one each";
  }
  if (load.memory_room_bytes) {
    text += fmt::format(", {} of memory free", format_size(*load.memory_room_bytes));
  }
  return {slots_, Reason::start, std::move(text)};
}

std::optional<WorkerDecision> WorkerPolicy::look(Nanos now,
                                                 const MachineLoad& load,
                                                 const WorkLoad& work) {
  if (now - last_look_ < kLeastBetweenLooks) {
    return std::nullopt;
  }
  remember(now, load, work);
  if (auto changed = follow_limits(now, load)) {
    return changed;
  }
  if (auto changed = lower_for_memory(now, load, work)) {
    return changed;
  }
  if (auto changed = lower_for_cpus(now, load, work)) {
    return changed;
  }
  return raise(now, load, work);
}

// What lasts from look to look.
void WorkerPolicy::remember(Nanos now, const MachineLoad& load, const WorkLoad& work) {
  const double passed = to_seconds(now - last_look_).count();
  last_look_ = now;
  if (load.runnable) {
    runnable_ += (*load.runnable - runnable_) * (1 - std::exp(-passed / kQueueSeconds));
  }
  const bool swaps = load.swap_in_rate.value_or(0) >= kSwapHigh;
  swapping_looks_ = swaps ? swapping_looks_ + 1 : 0;
  const double idle = load.idle_cpus.value_or(0);
  const bool idles = idle >= std::max(kIdleLeast, kIdleShare * load.usable_cpus);
  if (!idles || work.waiting == 0 || work.running < slots_) {
    idle_since_ = now;
  }
}

WorkerPolicy::Change WorkerPolicy::follow_limits(Nanos now, const MachineLoad& load) {
  const int normal = start_value(load);
  if ((normal == normal_ && slots_ <= most(load)) || now - last_change_ < kChangeEvery) {
    return std::nullopt;
  }
  const int slots = slots_ == normal_ ? normal : std::min(slots_, most(load));
  normal_ = normal;
  return change_to(
      now, slots, Reason::limits_changed, fmt::format("{:.3g} CPUs usable now", load.usable_cpus));
}

WorkerPolicy::Change WorkerPolicy::lower_for_memory(Nanos now,
                                                    const MachineLoad& load,
                                                    const WorkLoad& work) {
  const double stall = load.memory_stall.value_or(0);
  const double rate = load.swap_in_rate.value_or(0);
  if (stall >= kStallLow || rate >= kSwapLow) {
    last_trouble_ = now;
    has_trouble_ = true;
  }
  const bool swaps = swapping_looks_ >= kSwappingLooks;
  if ((stall < kStallHigh && !swaps) || now - last_change_ < kSettle) {
    return std::nullopt;
  }
  // Half of what really runs: taking away slots that are empty would change nothing.
  const int slots = std::max(1, std::min(slots_, std::max(1, work.running)) / 2);
  if (stall >= kStallHigh) {
    return lower_to(
        now,
        slots,
        Reason::memory_pressure,
        fmt::format("stages stood still for memory {:.0f} % of the time", percent(stall)));
  }
  return lower_to(
      now,
      slots,
      Reason::swapping,
      fmt::format("{} a second come back from swap", format_size(static_cast<std::int64_t>(rate))));
}

WorkerPolicy::Change WorkerPolicy::lower_for_cpus(Nanos now,
                                                  const MachineLoad& load,
                                                  const WorkLoad& work) {
  const double idle = load.idle_cpus.value_or(0);
  if (!load.runnable || idle >= kIdleLeast) {
    return std::nullopt;  // whoever waits for a CPU gets one
  }
  const double cpus = load.machine_cpus;
  const bool is_foreign = runnable_ > kAboveOwn * work.running_cpus + kOwnQueue;
  if (is_foreign && runnable_ > kQueueLow * cpus + kOwnQueue) {
    last_trouble_ = now;
    has_trouble_ = true;
  }
  if (now - last_change_ < kCpuSettle) {
    return std::nullopt;
  }
  const std::string queue = fmt::format("{:.1f} tasks run or wait for {} CPUs", runnable_, cpus);
  if (is_foreign && runnable_ > kQueueHigh * cpus + kOwnQueue) {
    const double foreign = runnable_ - work.running_cpus;
    const double share = std::max(std::ceil(load.usable_cpus / 2), load.usable_cpus - foreign);
    const int least = std::min(normal_, to_slots(std::max(kLeastBesideOthers, share)));
    // Stages that wait for something else leave the CPUs to others as it is.
    const bool uses_cpus = work.running_cpus > least * kLittleShare;
    if (slots_ > least && uses_cpus) {
      return lower_to(now,
                      std::max(least, slots_ - std::max(1, slots_ / 4)),
                      Reason::foreign_load,
                      queue + fmt::format(", {:.3g} of them ours", work.running_cpus));
    }
  }
  if (slots_ > normal_ && runnable_ > kOwnHigh * cpus + kOwnQueue) {
    last_trouble_ = now;
    has_trouble_ = true;
    return lower_to(
        now, std::max(normal_, slots_ - std::max(1, slots_ / 4)), Reason::own_load, queue);
  }
  return std::nullopt;
}

WorkerPolicy::Change WorkerPolicy::raise(Nanos now, const MachineLoad& load, const WorkLoad& work) {
  if (has_trouble_ && now - last_trouble_ > kForgiven) {
    patience_ = kPatience;
  }
  if ((has_trouble_ && now - last_trouble_ < patience_) || now - last_change_ < kSettle) {
    return std::nullopt;
  }
  const double idle = load.idle_cpus.value_or(0);
  // One more must not be what makes the queue too long again.
  const bool has_cpu = idle >= kIdleLeast || !load.runnable ||
                       runnable_ + 1 <= kQueueLow * load.machine_cpus + kOwnQueue;
  if (slots_ < normal_ && has_cpu) {
    return change_to(now,
                     std::min(normal_, slots_ + std::max(1, slots_ / 8)),
                     Reason::pressure_over,
                     fmt::format("no pressure for {}",
                                 format_duration(std::max(now - last_trouble_, Nanos{0}))));
  }
  const bool has_room = load.memory_room_bytes.value_or(0) >= options_.stage_bytes ||
                        !load.memory_room_bytes.has_value();
  if (slots_ < normal_ || slots_ >= most(load) || !has_room || now - idle_since_ < kIdleFor) {
    return std::nullopt;
  }
  int step = std::max(1, static_cast<int>(idle / 4));
  if (idle >= kMostlyIdle * load.usable_cpus) {
    // What waits takes hardly any CPU: twice as many, as far as memory goes.
    const std::int64_t room = load.memory_room_bytes.value_or(INT64_MAX) / options_.stage_bytes;
    step = std::max(step, static_cast<int>(std::min<std::int64_t>(slots_, room)));
  }
  return change_to(now,
                   std::min(most(load), slots_ + step),
                   Reason::idle_cpus,
                   fmt::format("{:.1f} CPUs idle while {} stages wait", idle, work.waiting));
}

WorkerPolicy::Change WorkerPolicy::lower_to(Nanos now, int slots, Reason reason, std::string text) {
  if (slots >= slots_) {
    return std::nullopt;
  }
  if (has_risen_ && now - last_rise_ < kTakenBack) {
    patience_ = std::min(2 * patience_, kMostPatience);
    has_risen_ = false;  // a rise is taken back once
  }
  return change_to(now, slots, reason, std::move(text));
}

WorkerPolicy::Change WorkerPolicy::change_to(Nanos now,
                                             int slots,
                                             Reason reason,
                                             std::string text) {
  if (slots == slots_) {
    return std::nullopt;
  }
  if (slots > slots_) {
    last_rise_ = now;
    has_risen_ = true;
  }
  slots_ = slots;
  last_change_ = idle_since_ = now;
  return WorkerDecision{slots, reason, std::move(text)};
}

}  // namespace headway
