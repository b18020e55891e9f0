// ResourceSample: what a machine has, and how it is doing, at one moment. Plain values; knows
// neither where they come from nor what they lead to.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace headway {

// One kind of pressure (PSI): how much of the time some task, or all tasks at once, stood still for
// want of it. Averages in percent over 10 s; totals since boot.
struct Pressure {
  double some_avg10 = 0;
  double full_avg10 = 0;
  Nanos some_total{};
  Nanos full_total{};
};

// The three kinds; what the kernel does not tell is empty (no PSI, switched off, or v1 groups).
struct Pressures {
  std::optional<Pressure> cpu;
  std::optional<Pressure> memory;
  std::optional<Pressure> io;
};

// The memory of one control group, v1 or v2.
struct GroupMemory {
  std::optional<std::int64_t> limit_bytes;  // the least of max and high; empty: none set
  std::int64_t used_bytes = 0;
  // Used, without the file cache that lies idle (inactive_file), which the kernel takes back before
  // it kills anything. Equal to used_bytes where no limit is set: nobody needs it then.
  std::int64_t working_set_bytes = 0;
};

// Totals are counted from some start in the past and only grow; empty: this kernel or container
// does not tell.
struct ResourceSample {
  double usable_cpus = 1;  // affinity mask, lowered by the quota of every group above; >= 0.01
  int machine_cpus = 1;    // online, whoever may use them
  // Of the CPUs in the affinity mask together. Waiting for a disk counts as idle.
  std::optional<Nanos> cpu_idle_total;
  // CPU time that the group with the smallest quota has used; empty where there is no quota.
  std::optional<Nanos> quota_used_total;
  std::optional<std::int64_t> throttled_periods;  // of that group, else of the own group
  std::optional<int>
      runnable;  // tasks on the machine that run or wait for a CPU, this one included
  std::optional<double> load1;

  std::optional<std::int64_t> memory_total_bytes;
  std::optional<std::int64_t> memory_available_bytes;  // MemAvailable
  std::vector<GroupMemory> memory_groups;              // the own group first, then every ancestor
  std::optional<std::int64_t> swapped_in_bytes;        // totals of the machine
  std::optional<std::int64_t> swapped_out_bytes;
  std::optional<std::int64_t> machine_oom_kills;  // totals
  std::optional<std::int64_t> group_oom_kills;    // in the own group and below

  Pressures machine;
  Pressures group;  // of the own v2 group
};

// The least of MemTotal and the limits of all groups; 0 where nothing is known.
std::int64_t memory_limit_bytes(const ResourceSample& sample);
// What may still be taken: the least of MemAvailable and what each limit leaves beside the working
// set. Never negative; 0 where nothing is known.
std::int64_t memory_room_bytes(const ResourceSample& sample);

}  // namespace headway
