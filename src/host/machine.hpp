// What this machine grants this process: CPUs, memory, names. Read from a sysroot, so that machines
// can be fixtures. Knows nothing of workflows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace headway {

// What this process may use of the machine: both lowered by the limits of the cgroup (v1, v2,
// hybrid) and of every ancestor. Plain value.
struct MachineShare {
  double cpus = 1;                // of the affinity mask; at least 0.01
  std::int64_t memory_bytes = 0;  // of MemTotal
};

MachineShare machine_share(const std::string& sysroot = "");
// Only the CPUs of it.
inline double usable_cpus() {
  return machine_share().cpus;
}
// The numbers of the CPUs in the affinity mask of this process, ascending; empty where the kernel
// does not say.
std::vector<int> affinity_cpus();
// MemAvailable, lowered by what the cgroup limits leave.
std::int64_t available_memory_bytes(const std::string& sysroot = "");
std::string host_name();
std::string kernel_release();
// The login name, or the uid in digits where there is none.
std::string user_name();

}  // namespace headway
