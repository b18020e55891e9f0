// See machine.hpp. Formats: proc_meminfo(5), cgroups(7), the kernel's admin-guide/cgroup-v1 and
// -v2.
#include "host/machine.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "host/cgroup_folders.hpp"
#include "host/kernel_text.hpp"

#include <pwd.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace headway {
namespace {

constexpr double kLeastCpus = 0.01;
constexpr std::int64_t kMaxBytes = std::int64_t{1} << 20;

// A whole small file, or nothing where it cannot be read.
std::string content_of(const std::string& path) {
  return read_file(path, kMaxBytes).value_or("");
}

int count_of_list(std::string_view list) {
  return static_cast<int>(numbers_of_list(list).size());
}

int allowed_cpus(const std::string& sysroot) {
  if (sysroot.empty()) {
    const auto count = static_cast<int>(affinity_cpus().size());
    return count > 0 ? count : static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  }
  constexpr std::string_view kName = "Cpus_allowed_list:";
  const std::string status = content_of(sysroot + "/proc/self/status");
  for (const std::string_view line : split(status, '\n')) {
    if (line.starts_with(kName)) {
      return count_of_list(line.substr(kName.size()));
    }
  }
  return count_of_list(content_of(sysroot + "/sys/devices/system/cpu/online"));
}

// CPUs that one group's quota is worth; nothing where it sets none.
std::optional<double> quota_of(const std::string& folder) {
  const std::string v2 = content_of(folder + "/cpu.max");
  return v2.empty() ? quota_of_cfs(content_of(folder + "/cpu.cfs_quota_us"),
                                   content_of(folder + "/cpu.cfs_period_us"))
                    : quota_of_cpu_max(v2);
}

// The memory limit of one group; nothing where it sets none. memory.high counts: beyond it the
// kernel slows a group down until it hardly moves.
std::optional<std::int64_t> limit_of(const std::string& folder) {
  std::optional<std::int64_t> least;
  for (const char* name : {"/memory.max", "/memory.high", "/memory.limit_in_bytes"}) {
    const auto limit = leading_integer(content_of(folder + name));
    if (limit && *limit >= 0 && (!least || *limit < *least)) {
      least = limit;
    }
  }
  return least;
}

// What a group uses and cannot simply give back: its usage without the file cache that lies idle.
std::int64_t usage_of(const std::string& folder) {
  auto usage = leading_integer(content_of(folder + "/memory.current"));
  const std::string stat = content_of(folder + "/memory.stat");
  auto idle = integer_field(stat, "inactive_file");
  if (!usage) {
    usage = leading_integer(content_of(folder + "/memory.usage_in_bytes"));
    idle = integer_field(stat, "total_inactive_file");
  }
  return std::max<std::int64_t>(0, usage.value_or(0) - idle.value_or(0));
}

std::int64_t meminfo_bytes(const std::string& sysroot, std::string_view name) {
  return integer_field(content_of(sysroot + "/proc/meminfo"), name).value_or(0) * 1024;
}

}  // namespace

MachineShare machine_share(const std::string& sysroot) {
  const CgroupFolders groups(sysroot);
  MachineShare share;
  share.cpus = std::max(1, allowed_cpus(sysroot));
  for (const std::string& folder : groups.of("cpu")) {
    share.cpus = std::min(share.cpus, quota_of(folder).value_or(share.cpus));
  }
  share.cpus = std::max(kLeastCpus, share.cpus);
  share.memory_bytes = meminfo_bytes(sysroot, "MemTotal");
  for (const std::string& folder : groups.of("memory")) {
    share.memory_bytes =
        std::min(share.memory_bytes, limit_of(folder).value_or(share.memory_bytes));
  }
  return share;
}

std::vector<int> affinity_cpus() {
  std::vector<int> numbers;
  // Grows the set until the kernel's mask fits in.
  for (int cpus = 1024; cpus <= 1 << 20 && numbers.empty(); cpus *= 4) {
    cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(cpus));
    if (set == nullptr) {
      break;
    }
    const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(cpus));
    if (sched_getaffinity(0, size, set) == 0) {
      for (int cpu = 0; cpu < cpus; ++cpu) {
        if (CPU_ISSET_S(static_cast<std::size_t>(cpu), size, set)) {
          numbers.push_back(cpu);
        }
      }
    }
    CPU_FREE(set);
  }
  return numbers;
}

std::int64_t available_memory_bytes(const std::string& sysroot) {
  const std::int64_t total = meminfo_bytes(sysroot, "MemTotal");
  std::int64_t bytes = meminfo_bytes(sysroot, "MemAvailable");
  for (const std::string& folder : CgroupFolders(sysroot).of("memory")) {
    const auto limit = limit_of(folder);
    if (limit && *limit < total) {
      bytes = std::min(bytes, std::max<std::int64_t>(0, *limit - usage_of(folder)));
    }
  }
  return bytes;
}

std::string host_name() {
  utsname names{};
  return uname(&names) == 0 ? names.nodename : "";
}

std::string kernel_release() {
  utsname names{};
  return uname(&names) == 0 ? names.release : "";
}

std::string user_name() {
  std::array<char, 16384> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const uid_t uid = geteuid();
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
    return found->pw_name;
  }
  return std::to_string(uid);
}

}  // namespace headway
