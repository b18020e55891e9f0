// SystemProbe: samples of this machine from /proc and the control groups, below a sysroot so that
// machines can be fixtures. Knows nothing of what is decided from them.
#pragma once

#include "host/cgroup_folders.hpp"
#include "host/kernel_file.hpp"
#include "host/resource_probe.hpp"

#include <memory>
#include <string>
#include <vector>

namespace headway {

// Opens its files once (10, and up to 4 for each group above this process) and re-reads them. The
// group is the one this process was in when the probe was made; limits and affinity that change
// later are seen. Not synchronised; the descriptors are closed on exec.
class SystemProbe final : public ResourceProbe {
 public:
  explicit SystemProbe(std::string sysroot = "");
  ResourceSample sample() override;

 private:
  struct PressureFiles {
    KernelFile cpu, memory, io;
  };
  // One folder of the hierarchy with the cpu controller.
  struct CpuGroup {
    KernelFile quota, period, stat, usage;  // period and usage: v1 alone
    bool is_v2 = false;
  };
  // One folder of the hierarchy with the memory controller.
  struct MemoryGroup {
    KernelFile limit, high, used, stat;  // high: v2 alone
    bool is_v2 = false;
  };

  void open_cpu_groups(const CgroupFolders& groups);
  void open_memory_groups(const CgroupFolders& groups);
  void read_cpus(ResourceSample& sample);
  void read_quotas(ResourceSample& sample);
  void read_load(ResourceSample& sample);
  void read_memory(ResourceSample& sample);
  void read_group_memory(const MemoryGroup& files, ResourceSample& sample);
  void read_swapping(ResourceSample& sample);
  Pressures read_pressures(const PressureFiles& files);

  std::string sysroot_;
  std::string buffer_;
  KernelFile stat_, loadavg_, meminfo_, vmstat_, status_, online_;
  KernelFile oom_;  // memory.events or memory.oom_control of the own group
  PressureFiles machine_pressure_, group_pressure_;
  std::vector<CpuGroup> cpu_groups_;  // own first
  std::vector<MemoryGroup> memory_groups_;
};

}  // namespace headway
