// What this machine grants this process: CPUs, memory, names. Read from a sysroot, so that machines
// can be fixtures. Knows nothing of workflows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace headway {

// CPUs that this process may use: affinity mask, lowered by the cgroup quota (v1, v2, hybrid) at
// every ancestor. At least 0.01.
double usable_cpus(const std::string& sysroot = "");
// The numbers of the CPUs in the affinity mask of this process, ascending; empty where the kernel
// does not say.
std::vector<int> affinity_cpus();
// Memory this process may use: MemTotal, lowered by the cgroup limits at every ancestor.
std::int64_t usable_memory_bytes(const std::string& sysroot = "");
// MemAvailable, lowered by what the cgroup limits leave.
std::int64_t available_memory_bytes(const std::string& sysroot = "");
std::string host_name();
std::string kernel_release();
// The login name, or the uid in digits where there is none.
std::string user_name();

}  // namespace headway
