// See system_probe.hpp. Formats: proc(5), cgroups(7), the kernel's admin-guide/cgroup-v1, -v2 and
// accounting/psi.rst. In an lxc container /proc/stat numbers its CPUs from 0, whatever the mask
// says.
#include "host/system_probe.hpp"

#include "host/kernel_text.hpp"
#include "host/machine.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 10;  // /proc/stat of 512 CPUs
constexpr double kLeastCpus = 0.01;
// Without a limit v1 says the largest page-aligned number (cgroup-v1/memory.rst).
constexpr std::int64_t kNoLimit = std::int64_t{1} << 62;

std::int64_t kibibytes(std::optional<std::int64_t> value) {
  return value.value_or(0) * 1024;
}

// The first `count` numbers of a line, 0 where there are fewer.
template <std::size_t count>
std::array<std::int64_t, count> numbers(std::string_view line) {
  std::array<std::int64_t, count> found{};
  const char* next = line.data();
  const char* const end = line.data() + line.size();
  for (std::int64_t& number : found) {
    while (next != end && *next == ' ') {
      ++next;
    }
    next = std::from_chars(next, end, number).ptr;
  }
  return found;
}

// Idle ticks in the lines of /proc/stat: of all CPUs, and of those in the mask.
struct IdleTicks {
  int cpus = 0;
  int matched = 0;
  std::int64_t all = 0;
  std::int64_t of_mask = 0;
};

// "cpu3 user nice system idle iowait ..."; `mask` by number of CPU.
IdleTicks idle_ticks(std::string_view text, const std::vector<bool>& mask) {
  constexpr std::size_t kIdle = 3;
  IdleTicks ticks;
  while (text.starts_with("cpu")) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(3, end - 3);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t space = std::min(line.find(' '), line.size());
    const auto parts = numbers<kIdle + 2>(line.substr(space));
    const std::int64_t idle = parts[kIdle] + parts[kIdle + 1];
    if (space == 0) {
      ticks.all = idle;
      continue;
    }
    ++ticks.cpus;
    const auto cpu = static_cast<std::size_t>(leading_integer(line.substr(0, space)).value_or(0));
    if (cpu < mask.size() && mask[cpu]) {
      ++ticks.matched;
      ticks.of_mask += idle;
    }
  }
  return ticks;
}

std::vector<bool> mask_of(const std::vector<int>& cpus) {
  std::vector<bool> mask;
  for (const int cpu : cpus) {
    mask.resize(std::max(mask.size(), static_cast<std::size_t>(cpu) + 1));
    mask[static_cast<std::size_t>(cpu)] = true;
  }
  return mask;
}

// The list of CPUs in /proc/self/status; empty where there is none.
std::string_view allowed_list(std::string_view status) {
  constexpr std::string_view kName = "\nCpus_allowed_list:";
  const std::size_t found = status.find(kName);
  if (found == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = status.substr(found + kName.size());
  return rest.substr(0, rest.find('\n'));
}

Nanos ticks_to_nanos(std::int64_t ticks) {
  static const long per_second = sysconf(_SC_CLK_TCK);
  return Nanos(ticks * (1'000'000'000 / std::max(per_second, 1L)));
}

}  // namespace

SystemProbe::SystemProbe(std::string sysroot)
    : sysroot_(std::move(sysroot)),
      buffer_(kBufferBytes, '\0'),
      stat_(sysroot_ + "/proc/stat"),
      loadavg_(sysroot_ + "/proc/loadavg"),
      meminfo_(sysroot_ + "/proc/meminfo"),
      vmstat_(sysroot_ + "/proc/vmstat"),
      status_(sysroot_ + "/proc/self/status"),
      online_(sysroot_ + "/sys/devices/system/cpu/online") {
  const auto open_pressure = [](const std::string& stem, const std::string& end) {
    return PressureFiles{KernelFile(stem + "cpu" + end),
                         KernelFile(stem + "memory" + end),
                         KernelFile(stem + "io" + end)};
  };
  machine_pressure_ = open_pressure(sysroot_ + "/proc/pressure/", "");
  const CgroupFolders groups(sysroot_);
  const std::vector<std::string> unified = groups.of("");
  if (!unified.empty()) {
    group_pressure_ = open_pressure(unified.front() + "/", ".pressure");
  }
  open_cpu_groups(groups);
  open_memory_groups(groups);
}

void SystemProbe::open_cpu_groups(const CgroupFolders& groups) {
  const std::vector<std::string> folders = groups.of("cpu");
  const std::vector<std::string> accounts = groups.of("cpuacct");
  for (std::size_t i = 0; i < folders.size(); ++i) {
    CpuGroup group;
    group.quota = KernelFile(folders[i] + "/cpu.max");
    group.is_v2 = group.quota.is_open();
    if (!group.is_v2) {
      group.quota = KernelFile(folders[i] + "/cpu.cfs_quota_us");
      group.period = KernelFile(folders[i] + "/cpu.cfs_period_us");
      // (v1 may account in a hierarchy of its own, with the same groups)
      const bool is_apart = accounts.size() == folders.size();
      group.usage = KernelFile((is_apart ? accounts[i] : folders[i]) + "/cpuacct.usage");
    }
    if (group.quota.is_open()) {
      group.stat = KernelFile(folders[i] + "/cpu.stat");
      cpu_groups_.push_back(std::move(group));
    }
  }
}

void SystemProbe::open_memory_groups(const CgroupFolders& groups) {
  for (const std::string& folder : groups.of("memory")) {
    MemoryGroup group;
    group.used = KernelFile(folder + "/memory.current");
    group.is_v2 = group.used.is_open();
    if (!group.is_v2) {
      group.used = KernelFile(folder + "/memory.usage_in_bytes");
    }
    if (!group.used.is_open()) {
      continue;
    }
    group.limit = KernelFile(folder + (group.is_v2 ? "/memory.max" : "/memory.limit_in_bytes"));
    if (group.is_v2) {
      group.high = KernelFile(folder + "/memory.high");
    }
    group.stat = KernelFile(folder + "/memory.stat");
    if (memory_groups_.empty()) {
      oom_ = KernelFile(folder + (group.is_v2 ? "/memory.events" : "/memory.oom_control"));
    }
    memory_groups_.push_back(std::move(group));
  }
}

ResourceSample SystemProbe::sample() {
  ResourceSample sample;
  read_cpus(sample);
  read_quotas(sample);
  read_load(sample);
  read_memory(sample);
  read_swapping(sample);
  sample.machine = read_pressures(machine_pressure_);
  sample.group = read_pressures(group_pressure_);
  return sample;
}

void SystemProbe::read_cpus(ResourceSample& sample) {
  std::vector<int> allowed;
  if (sysroot_.empty()) {
    allowed = affinity_cpus();
  } else {
    allowed = numbers_of_list(allowed_list(status_.read(buffer_)));
    if (allowed.empty()) {
      allowed = numbers_of_list(online_.read(buffer_));
    }
  }
  const std::string_view stat = stat_.read(buffer_);
  const IdleTicks ticks = idle_ticks(stat, mask_of(allowed));
  const int cpus = static_cast<int>(allowed.size());
  sample.machine_cpus = std::max({1, ticks.cpus, cpus});
  sample.usable_cpus = cpus > 0 ? cpus : sample.machine_cpus;
  if (!stat.empty()) {
    sample.cpu_idle_total = ticks_to_nanos(ticks.matched == cpus ? ticks.of_mask : ticks.all);
  }
}

void SystemProbe::read_quotas(ResourceSample& sample) {
  CpuGroup* tightest = nullptr;
  for (CpuGroup& group : cpu_groups_) {
    std::optional<double> quota;
    if (group.is_v2) {
      quota = quota_of_cpu_max(group.quota.read(buffer_));
    } else if (const auto granted = leading_integer(group.quota.read(buffer_));
               granted && *granted > 0) {
      quota = quota_of_cfs(std::to_string(*granted), group.period.read(buffer_));
    }
    if (quota && *quota < sample.usable_cpus) {
      sample.usable_cpus = *quota;
      tightest = &group;
    }
  }
  sample.usable_cpus = std::max(sample.usable_cpus, kLeastCpus);
  if (cpu_groups_.empty()) {
    return;
  }
  const CpuGroup& told = tightest != nullptr ? *tightest : cpu_groups_.front();
  const std::string_view stat = told.stat.read(buffer_);
  sample.throttled_periods = integer_field(stat, "nr_throttled");
  if (tightest == nullptr) {
    return;
  }
  if (told.is_v2) {
    if (const auto used = integer_field(stat, "usage_usec")) {
      sample.quota_used_total = Nanos(*used * 1000);
    }
  } else if (const auto used = leading_integer(told.usage.read(buffer_))) {
    sample.quota_used_total = Nanos(*used);
  }
}

// "0.99 0.67 1.34 4/118 21213"
void SystemProbe::read_load(ResourceSample& sample) {
  const std::string_view text = loadavg_.read(buffer_);
  double load = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), load).ec == std::errc()) {
    sample.load1 = load;
  }
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const std::size_t space = text.rfind(' ', slash);
    if (const auto count = leading_integer(text.substr(space + 1, slash - space - 1))) {
      sample.runnable = static_cast<int>(*count);
    }
  }
}

void SystemProbe::read_memory(ResourceSample& sample) {
  const std::string_view text = meminfo_.read(buffer_);
  if (const auto total = integer_field(text, "MemTotal")) {
    sample.memory_total_bytes = kibibytes(total);
  }
  if (const auto available = integer_field(text, "MemAvailable")) {
    sample.memory_available_bytes = kibibytes(available);
  }
  sample.memory_groups.reserve(memory_groups_.size());
  for (const MemoryGroup& files : memory_groups_) {
    read_group_memory(files, sample);
  }
  sample.group_oom_kills = integer_field(oom_.read(buffer_), "oom_kill");
}

void SystemProbe::read_group_memory(const MemoryGroup& files, ResourceSample& sample) {
  GroupMemory group;
  for (const KernelFile* file : {&files.limit, &files.high}) {
    const auto limit = leading_integer(file->read(buffer_));
    if (limit && *limit >= 0 && *limit < kNoLimit) {
      group.limit_bytes = std::min(group.limit_bytes.value_or(*limit), *limit);
    }
  }
  group.used_bytes = leading_integer(files.used.read(buffer_)).value_or(0);
  group.working_set_bytes = group.used_bytes;
  if (group.limit_bytes) {  // (summing up the statistics of a group is what costs)
    const auto idle = integer_field(files.stat.read(buffer_),
                                    files.is_v2 ? "inactive_file" : "total_inactive_file");
    group.working_set_bytes = std::max<std::int64_t>(0, group.used_bytes - idle.value_or(0));
  }
  sample.memory_groups.push_back(group);
}

void SystemProbe::read_swapping(ResourceSample& sample) {
  static const long page = sysconf(_SC_PAGESIZE);
  const std::string_view text = vmstat_.read(buffer_);
  const auto bytes = [text](std::string_view name) {
    auto pages = integer_field(text, name);
    return pages ? std::optional(*pages * page) : std::nullopt;
  };
  sample.swapped_in_bytes = bytes("pswpin");
  sample.swapped_out_bytes = bytes("pswpout");
  sample.machine_oom_kills = integer_field(text, "oom_kill");
}

Pressures SystemProbe::read_pressures(const PressureFiles& files) {
  return {parse_pressure(files.cpu.read(buffer_)),
          parse_pressure(files.memory.read(buffer_)),
          parse_pressure(files.io.read(buffer_))};
}

}  // namespace headway
