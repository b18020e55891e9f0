// See cgroup_folders.hpp. Formats: cgroups(7), proc_pid_mountinfo(5).
#include "host/cgroup_folders.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace headway {
namespace {

constexpr std::string_view kUnified = "cgroup2";
constexpr std::int64_t kMaxBytes = std::int64_t{8} << 20;

// A whole file, or nothing where it cannot be read.
std::string content_of(const std::string& path) {
  return read_file(path, kMaxBytes).value_or("");
}

bool has_item(std::string_view list, std::string_view item) {
  const auto items = split(list, ',');
  return std::find(items.begin(), items.end(), item) != items.end();
}

// Without a mountinfo: where systemd and everybody else mount them.
std::vector<Mount> usual_mounts() {
  return {{"/", "/sys/fs/cgroup/cpu", "cgroup", "", "cpu"},
          {"/", "/sys/fs/cgroup/cpu,cpuacct", "cgroup", "", "cpu,cpuacct"},
          {"/", "/sys/fs/cgroup/memory", "cgroup", "", "memory"},
          {"/", "/sys/fs/cgroup/unified", std::string(kUnified), "", ""},
          {"/", "/sys/fs/cgroup", std::string(kUnified), "", ""}};
}

// The mounts of control groups.
std::vector<Mount> group_mounts(const std::string& sysroot) {
  const std::string text = content_of(sysroot + "/proc/self/mountinfo");
  if (text.empty()) {
    return usual_mounts();
  }
  std::vector<Mount> mounts = read_mounts(text);
  std::erase_if(
      mounts, [](const Mount& mount) { return mount.kind != kUnified && mount.kind != "cgroup"; });
  return mounts;
}

// The group's path below what is mounted: "" for the mount point itself, which is also the answer
// where the path lies outside (a container without a cgroup namespace, or a namespace that was
// left).
std::string below_root(std::string_view path, std::string_view root) {
  if (path == "/" || path.find("/..") != std::string_view::npos) {
    return "";
  }
  if (root == "/") {
    return std::string(path);
  }
  if (path.starts_with(root) && path.substr(root.size()).starts_with('/')) {
    return std::string(path.substr(root.size()));
  }
  return "";
}

// The group's folder and its ancestors, those that are there; the mount point last.
void add_chain(const std::string& point, std::string below, std::vector<std::string>& folders) {
  while (!below.empty()) {
    if (path_exists(point + below)) {
      folders.push_back(point + below);
    }
    below.erase(below.rfind('/'));
  }
  if (path_exists(point)) {
    folders.push_back(point);
  }
}

// The path in the v1 hierarchy of `controller` and in v2, as the lines of /proc/self/cgroup have
// them; "" where it is in none.
std::array<std::string, 2> group_paths(std::string_view groups, std::string_view controller) {
  std::array<std::string, 2> paths;
  for (const std::string_view line : split(groups, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) {
      continue;
    }
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    if (controllers.empty()) {
      paths[1] = line.substr(second + 1);
    } else if (has_item(controllers, controller)) {
      paths[0] = line.substr(second + 1);
    }
  }
  return paths;
}

}  // namespace

CgroupFolders::CgroupFolders(const std::string& sysroot)
    : sysroot_(sysroot),
      groups_(content_of(sysroot + "/proc/self/cgroup")),
      mounts_(group_mounts(sysroot)) {}

std::vector<std::string> CgroupFolders::of(std::string_view controller) const {
  std::vector<std::string> folders;
  const auto paths = group_paths(groups_, controller);
  for (const bool is_v2 : {false, true}) {
    const std::string& path = paths[is_v2 ? 1 : 0];
    if (path.empty()) {
      continue;
    }
    for (const Mount& mount : mounts_) {
      if ((mount.kind == kUnified) == is_v2 && (is_v2 || mount.has_option(controller))) {
        add_chain(sysroot_ + mount.point, below_root(path, mount.root), folders);
      }
    }
  }
  return folders;
}

}  // namespace headway
