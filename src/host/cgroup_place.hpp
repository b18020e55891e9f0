// Where a process may make control groups of its own: below the group it is in. Makes none; knows
// no run and no stage.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace headway {

// The group of a process in one hierarchy.
struct CgroupPlace {
  std::string folder;       // with the sysroot in front
  bool is_v2 = false;       // has cgroup.kill and cgroup.freeze, as new as the kernel is
  bool has_memory = false;  // the memory controller can be had there
};

// The group of `pid` in the v1 hierarchy with the memory controller and in v2, as far as there are
// such, as this process sees them; the one with memory first. A folder that does not list `pid`
// (another name space's view) or that this process may not write is left out.
std::vector<CgroupPlace> cgroup_places(const std::string& sysroot, pid_t pid);

// The processes in a group; those of another name space, which the kernel calls 0, are left out.
// Empty where it cannot be read.
std::vector<pid_t> cgroup_members(const std::string& folder);

}  // namespace headway
