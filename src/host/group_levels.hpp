// What each control group above this process sets and has counted: CPU quota and throttling,
// memory, kills, processes. Read from a sysroot, v1 and v2. Judges nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace headway {

// One group of one hierarchy; what the kernel does not tell there is empty.
struct GroupLevel {
  std::string folder;               // as this process sees it, without the sysroot
  std::optional<double> cpu_quota;  // CPUs
  std::int64_t cpu_periods = 0;     // in which there was something to run under the quota
  std::int64_t cpu_throttled = 0;   // of those: in which it had to wait
  std::optional<std::int64_t> memory_limit_bytes;          // memory.max or limit_in_bytes
  std::optional<std::int64_t> memory_high_bytes;           // v2: slowed down from there on
  std::int64_t memory_used_bytes = 0;                      // without the file cache that lies idle
  std::optional<std::int64_t> swap_limit_bytes;            // v2
  std::optional<std::int64_t> oom_kills;                   // in the group and below
  std::optional<std::int64_t> processes_limit, processes;  // pids.max, pids.current
};

// The groups that say anything of the above, each once, the own first.
std::vector<GroupLevel> read_group_levels(const std::string& sysroot = "");

}  // namespace headway
