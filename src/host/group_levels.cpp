// See group_levels.hpp. Formats: the kernel's admin-guide/cgroup-v2 and cgroup-v1.
#include "host/group_levels.hpp"

#include "base/files.hpp"
#include "host/cgroup_folders.hpp"
#include "host/kernel_text.hpp"

#include <algorithm>
#include <string_view>

namespace headway {
namespace {

constexpr std::int64_t kMaxBytes = std::int64_t{1} << 20;
constexpr std::int64_t kNoLimit = std::int64_t{1} << 60;  // v1 writes a number that is about 2^63

std::string content_of(const std::string& path) {
  return read_file(path, kMaxBytes).value_or("");
}

// The number in a file; nothing for "max", for what means that, and where there is none.
std::optional<std::int64_t> number_in(const std::string& path) {
  const auto number = leading_integer(content_of(path));
  return number && *number >= 0 && *number < kNoLimit ? number : std::nullopt;
}

void read_cpu(const std::string& folder, GroupLevel& level) {
  const std::string v2 = content_of(folder + "/cpu.max");
  level.cpu_quota = v2.empty() ? quota_of_cfs(content_of(folder + "/cpu.cfs_quota_us"),
                                              content_of(folder + "/cpu.cfs_period_us"))
                               : quota_of_cpu_max(v2);
  const std::string stat = content_of(folder + "/cpu.stat");
  level.cpu_periods = integer_field(stat, "nr_periods").value_or(0);
  level.cpu_throttled = integer_field(stat, "nr_throttled").value_or(0);
}

void read_memory(const std::string& folder, GroupLevel& level) {
  auto limit = number_in(folder + "/memory.max");
  auto used = number_in(folder + "/memory.current");
  std::string_view idle_name = "inactive_file";
  if (!used) {
    limit = number_in(folder + "/memory.limit_in_bytes");
    used = number_in(folder + "/memory.usage_in_bytes");
    idle_name = "total_inactive_file";
  }
  level.memory_limit_bytes = limit;
  level.memory_high_bytes = number_in(folder + "/memory.high");
  level.swap_limit_bytes = number_in(folder + "/memory.swap.max");
  if (used) {
    const auto idle = integer_field(content_of(folder + "/memory.stat"), idle_name);
    level.memory_used_bytes = std::max<std::int64_t>(0, *used - idle.value_or(0));
  }
  level.oom_kills = integer_field(content_of(folder + "/memory.events"), "oom_kill");
  if (!level.oom_kills) {
    level.oom_kills = integer_field(content_of(folder + "/memory.oom_control"), "oom_kill");
  }
}

bool says_anything(const GroupLevel& level) {
  return level.cpu_quota || level.cpu_periods > 0 || level.memory_limit_bytes ||
         level.memory_high_bytes || level.swap_limit_bytes || level.oom_kills ||
         level.processes_limit;
}

}  // namespace

std::vector<GroupLevel> read_group_levels(const std::string& sysroot) {
  const CgroupFolders groups(sysroot);
  std::vector<std::string> folders;
  for (const char* controller : {"cpu", "memory", "pids"}) {
    for (std::string& folder : groups.of(controller)) {
      if (std::find(folders.begin(), folders.end(), folder) == folders.end()) {
        folders.push_back(std::move(folder));
      }
    }
  }
  std::vector<GroupLevel> levels;
  for (const std::string& folder : folders) {
    GroupLevel level;
    level.folder = folder.substr(sysroot.size());
    read_cpu(folder, level);
    read_memory(folder, level);
    level.processes_limit = number_in(folder + "/pids.max");
    level.processes = number_in(folder + "/pids.current");
    if (says_anything(level)) {
      levels.push_back(std::move(level));
    }
  }
  return levels;
}

}  // namespace headway
