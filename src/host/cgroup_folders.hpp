// Where the control groups of this process lie in the file system: v1, v2, or both at once
// (hybrid). Knows no limit and no unit.
#pragma once

#include "host/mount_table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// What the kernel says of the groups of this process and of where they are mounted, read once: on
// machines with many mounts that takes longer than all that is read in the groups.
class CgroupFolders {
 public:
  explicit CgroupFolders(const std::string& sysroot);

  // The folders of this process's group for `controller` ("cpu", "memory") and of every ancestor up
  // to the mount point, the group's own first; those of the v1 hierarchy that has the controller,
  // then those of v2; an empty name asks for v2 alone. Empty where there are no control groups. All
  // paths begin with the sysroot; inside a container, where the group's path means nothing, it is
  // the mount point alone.
  std::vector<std::string> of(std::string_view controller) const;

 private:
  std::string sysroot_;
  std::string groups_;  // /proc/self/cgroup
  std::vector<Mount> mounts_;
};

}  // namespace headway
