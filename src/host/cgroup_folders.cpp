// See cgroup_folders.hpp. Formats: cgroups(7), proc_pid_mountinfo(5).
#include "host/cgroup_folders.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace headway {
namespace {

// One line of mountinfo that mounts control groups.
struct Mount {
  std::string root;   // the folder of the hierarchy that is mounted
  std::string point;  // where
  bool is_v2 = false;
  std::string options;  // of a v1 hierarchy: its controllers, between commas
};

constexpr std::int64_t kMaxBytes = std::int64_t{8} << 20;

// A whole file, or nothing where it cannot be read.
std::string content_of(const std::string& path) {
  return read_file(path, kMaxBytes).value_or("");
}

bool has_item(std::string_view list, std::string_view item) {
  const auto items = split(list, ',');
  return std::find(items.begin(), items.end(), item) != items.end();
}

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

// mountinfo writes space, tab, newline and backslash as \ooo.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) && is_octal(text[i + 2]) &&
        is_octal(text[i + 3])) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                               (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

// "36 35 98:0 /root /point rw,noatime shared:1 - cgroup2 cgroup rw"
void add_mount(std::string_view line, std::vector<Mount>& mounts) {
  const std::size_t dash = line.find(" - ");
  if (dash == std::string_view::npos) {
    return;
  }
  const auto left = split(line.substr(0, dash), ' ');
  const auto right = split(line.substr(dash + 3), ' ');
  if (left.size() < 6 || right.size() < 3 || (right[0] != "cgroup" && right[0] != "cgroup2")) {
    return;
  }
  mounts.push_back(
      {unescape(left[3]), unescape(left[4]), right[0] == "cgroup2", std::string(right[2])});
}

// Without a mountinfo: where systemd and everybody else mount them.
std::vector<Mount> usual_mounts() {
  return {{"/", "/sys/fs/cgroup/cpu", false, "cpu"},
          {"/", "/sys/fs/cgroup/cpu,cpuacct", false, "cpu,cpuacct"},
          {"/", "/sys/fs/cgroup/memory", false, "memory"},
          {"/", "/sys/fs/cgroup/unified", true, ""},
          {"/", "/sys/fs/cgroup", true, ""}};
}

std::vector<Mount> read_mounts(const std::string& sysroot) {
  std::vector<Mount> mounts;
  const std::string text = content_of(sysroot + "/proc/self/mountinfo");
  for (const std::string_view line : split(text, '\n')) {
    add_mount(line, mounts);
  }
  return text.empty() ? usual_mounts() : mounts;
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

// This process's path in the v1 hierarchy of `controller` and in v2, as /proc/self/cgroup has them;
// "" where it is in none.
std::array<std::string, 2> group_paths(const std::string& sysroot, std::string_view controller) {
  std::array<std::string, 2> paths;
  const std::string text = content_of(sysroot + "/proc/self/cgroup");
  for (const std::string_view line : split(text, '\n')) {
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

std::vector<std::string> cgroup_folders(const std::string& sysroot, std::string_view controller) {
  std::vector<std::string> folders;
  const auto paths = group_paths(sysroot, controller);
  const std::vector<Mount> mounts = read_mounts(sysroot);
  for (const bool is_v2 : {false, true}) {
    const std::string& path = paths[is_v2 ? 1 : 0];
    if (path.empty()) {
      continue;
    }
    for (const Mount& mount : mounts) {
      if (mount.is_v2 == is_v2 && (is_v2 || has_item(mount.options, controller))) {
        add_chain(sysroot + mount.point, below_root(path, mount.root), folders);
      }
    }
  }
  return folders;
}

}  // namespace headway
