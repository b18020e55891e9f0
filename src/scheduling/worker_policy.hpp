// WorkerPolicy: how many slots a run has, from how the machine is doing. Reads no clock and no
// machine, starts nothing; knows slots only, no single task.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// How the machine has been doing since the look before. Empty: not known there, and then nothing is
// decided by it.
struct MachineLoad {
  double usable_cpus = 1;           // > 0: affinity and quota
  int machine_cpus = 1;             // all that are online: what `runnable` is measured against
  std::optional<double> idle_cpus;  // of the usable ones, on average since the look before
  // Tasks that ran or waited for a CPU at this moment, anybody's, without the one who looks.
  std::optional<double> runnable;
  // Share of the time (0 to 1) in which something of ours stood still for want of memory.
  std::optional<double> memory_stall;
  std::optional<double> swap_in_rate;             // bytes a second
  std::optional<std::int64_t> memory_room_bytes;  // that may still be taken
};

// What the run is doing.
struct WorkLoad {
  int running = 0;          // attempts
  double running_cpus = 0;  // how many CPUs they want together, as declared or learned
  int waiting = 0;          // tasks that only lack a slot
};

// How many slots from now on, and why; `text` is the same for people, with the numbers.
struct WorkerDecision {
  enum class Reason : std::uint8_t {
    start,            // what the machine can take
    memory_pressure,  // fewer: stages stand still for want of memory
    swapping,         // fewer: memory comes back from swap
    foreign_load,     // fewer: others want the CPUs
    own_load,         // fewer: more slots than CPUs were of use, and are no longer
    idle_cpus,        // more: CPUs idle while stages wait
    pressure_over,    // more: back towards the start value
    limits_changed    // the machine grants more or fewer CPUs than before
  };
  int slots = 1;
  Reason reason = Reason::start;
  std::string text;
};

// The spelling of a reason in JSON.
std::string_view to_string(WorkerDecision::Reason reason) noexcept;

// What bounds a policy.
struct WorkerPolicyOptions {
  int most_slots = 1 << 16;                                    // a person's, or the number of tasks
  std::int64_t stage_bytes = std::int64_t{256} * 1024 * 1024;  // assumed of a stage nobody knows
  // What each stage takes of a CPU, declared or learned, ascending. Empty: a whole one.
  std::vector<double> stage_cpus{};
};

// How many slots stages can use that share `cpus` CPUs: one a CPU (rounded), or as many as there
// are of the smallest ones that fit on them together, at most kMostAtStart a CPU. More would stay
// empty: what fits on the CPUs together is for admission to see, stage by stage. Stages that nobody
// knows count 1.
int slots_for_demand(const std::vector<double>& ascending_cpus, double cpus);

inline constexpr double kMostAtStart = 8;

// Starts at slots_for_demand(), so at one slot a usable CPU or more, as far as memory goes; halves
// under memory pressure or swapping, down to 1; steps back before foreign load, down to half the
// CPUs and two (time slicing shares the rest); steps up while CPUs idle and tasks wait, to at most
// kMostPerCpu slots a CPU; returns to the start value when the trouble is over. A rise that had to
// be taken back doubles the wait before the next (additive increase, multiplicative decrease: Chiu
// and Jain 1989), so that two runs on one machine share it and nothing swings. Invariants (property
// tests): 1 <= slots <= most; at most one change a second; without trouble never below the start
// value for long. The constants and their reasons are in the .cpp. Deterministic; not synchronised.
class WorkerPolicy {
 public:
  static constexpr double kMostPerCpu = 4;
  // Looks that come sooner after the last than this change nothing.
  static constexpr Nanos kLeastBetweenLooks = std::chrono::milliseconds(400);

  explicit WorkerPolicy(WorkerPolicyOptions options = {});

  // The first decision; before any look().
  WorkerDecision start(Nanos now, const MachineLoad& load);
  // Something has changed, or nothing. Times never go back.
  std::optional<WorkerDecision> look(Nanos now, const MachineLoad& load, const WorkLoad& work);
  int slots() const noexcept { return slots_; }

 private:
  using Change = std::optional<WorkerDecision>;

  int most(const MachineLoad& load) const;
  int start_value(const MachineLoad& load) const;
  void remember(Nanos now, const MachineLoad& load, const WorkLoad& work);
  Change follow_limits(Nanos now, const MachineLoad& load);
  Change lower_for_memory(Nanos now, const MachineLoad& load, const WorkLoad& work);
  Change lower_for_cpus(Nanos now, const MachineLoad& load, const WorkLoad& work);
  Change raise(Nanos now, const MachineLoad& load, const WorkLoad& work);
  Change lower_to(Nanos now, int slots, WorkerDecision::Reason reason, std::string text);
  Change change_to(Nanos now, int slots, WorkerDecision::Reason reason, std::string text);

  WorkerPolicyOptions options_;
  int slots_ = 1;
  int normal_ = 1;               // the start value
  std::int64_t start_room_ = 0;  // what memory allowed at the start, in slots
  double runnable_ = 0;          // smoothed
  int swapping_looks_ = 0;       // in a row
  Nanos last_look_{};
  Nanos last_change_{};
  Nanos last_rise_{};
  Nanos last_trouble_{};      // seen, whether or not it changed something
  Nanos idle_since_{};        // CPUs have idled while tasks waited
  bool has_trouble_ = false;  // ever
  bool has_risen_ = false;
  Nanos patience_{};  // without trouble, before a rise
};

}  // namespace headway
