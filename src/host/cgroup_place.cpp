// See cgroup_place.hpp. Formats: cgroups(7), the kernel's admin-guide/cgroup-v2.
#include "host/cgroup_place.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "host/cgroup_folders.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace headway {
namespace {

constexpr std::int64_t kMaxBytes = std::int64_t{4} << 20;

bool has_word(std::string_view text, std::string_view word) {
  const auto words = split(trim(text), ' ');
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::vector<pid_t> cgroup_members(const std::string& folder) {
  std::vector<pid_t> pids;
  const std::string text = read_file(folder + "/cgroup.procs", kMaxBytes).value_or("");
  for (const std::string_view line : split(text, '\n')) {
    pid_t pid = 0;
    const auto parsed = std::from_chars(line.data(), line.data() + line.size(), pid);
    if (parsed.ec == std::errc() && pid > 0) {
      pids.push_back(pid);
    }
  }
  return pids;
}

std::vector<CgroupPlace> cgroup_places(const std::string& sysroot, pid_t pid) {
  const CgroupFolders folders(sysroot);
  const std::vector<std::string> unified = folders.of("");
  const std::vector<std::string> memory = folders.of("memory");
  std::vector<CgroupPlace> places;
  const auto add = [&](const std::string& folder, bool is_v2) {
    const std::vector<pid_t> members = cgroup_members(folder);
    if (std::find(members.begin(), members.end(), pid) == members.end() ||
        access(folder.c_str(), W_OK) != 0) {
      return;
    }
    const bool has_memory =
        !is_v2 ||
        has_word(read_file(folder + "/cgroup.controllers", kMaxBytes).value_or(""), "memory");
    places.push_back({folder, is_v2, has_memory});
  };
  if (memory.size() > unified.size()) {  // those of v1 come before those of v2
    add(memory.front(), false);
  }
  if (!unified.empty()) {
    add(unified.front(), true);
  }
  return places;
}

}  // namespace headway
