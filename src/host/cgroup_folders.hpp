// Where the control groups of this process lie in the file system: v1, v2, or both at once
// (hybrid). Knows no limit and no unit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The folders of this process's group for `controller` ("cpu", "memory") and of every ancestor up
// to the mount point, the group's own first; those of the v1 hierarchy that has the controller,
// then those of v2; an empty name asks for v2 alone. Empty where there are no control groups. All
// paths begin with `sysroot`; inside a container, where the group's path means nothing, it is the
// mount point alone.
std::vector<std::string> cgroup_folders(const std::string& sysroot, std::string_view controller);

}  // namespace headway
