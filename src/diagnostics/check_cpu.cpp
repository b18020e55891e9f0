// Checks of CPUs: how many there are for the jobs, throttling by quotas, pressure. Gathers nothing.
#include "base/text.hpp"
#include "diagnostics/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace headway {
namespace {

constexpr double kMuchThrottled = 0.10;  // of the periods
constexpr int kManyJobs = 3;             // times the CPUs
constexpr double kCpuPressure = 50;      // percent of the time, over 10 s
constexpr double kMemoryPressure = 10;
constexpr double kIoPressure = 30;

std::string cpus_text(double cpus) {
  return std::abs(cpus - std::round(cpus)) < 0.01 ? fmt::format("{:.0f}", cpus)
                                                  : fmt::format("{:.2f}", cpus);
}

// The group whose quota binds; null where none does.
const GroupLevel* binding_quota(const DoctorFacts& facts) {
  const GroupLevel* least = nullptr;
  for (const GroupLevel& group : facts.groups) {
    if (group.cpu_quota && (least == nullptr || *group.cpu_quota < *least->cpu_quota)) {
      least = &group;
    }
  }
  return least != nullptr && facts.sample && *least->cpu_quota <= facts.sample->usable_cpus + 0.01
             ? least
             : nullptr;
}

std::vector<CheckResult> judge_jobs(const DoctorFacts& facts) {
  CheckResult result{"cpu.jobs", CheckStatus::ok, "", "sched_getaffinity(2), /proc/stat", "", ""};
  if (!facts.sample) {
    result.status = CheckStatus::unknown;
    result.value = "not told in time";
    return {result};
  }
  const double cpus = facts.sample->usable_cpus;
  const int machine = facts.sample->machine_cpus;
  result.value = cpus + 0.01 < machine ? fmt::format("{} of {} CPUs", cpus_text(cpus), machine)
                                       : fmt::format("{} CPUs", cpus_text(cpus));
  if (const GroupLevel* group = binding_quota(facts)) {
    result.source = group->folder + " (quota)";
  }
  result.why = facts.needs.jobs > 0 ? fmt::format("{} stages at once are asked for", facts.jobs())
                                    : "stages at once follow the CPUs";
  const MostOf& most = facts.needs.cpus;
  if (most.amount > std::max(1.0, cpus) + 0.01) {
    result.status = CheckStatus::warn;
    result.why =
        fmt::format("stage '{}' declares {} CPUs: it takes longer than where it was measured",
                    most.stage,
                    cpus_text(most.amount));
    result.fix = "grant this container or user more CPUs, or lower resources.cpus";
  } else if (facts.needs.jobs > kManyJobs * std::max(1.0, cpus)) {
    result.status = CheckStatus::warn;
    result.fix = "leave out -j and HEADWAY_JOBS: the number then follows the machine";
  }
  return {result};
}

std::vector<CheckResult> judge_throttling(const DoctorFacts& facts) {
  std::vector<CheckResult> results;
  const GroupLevel* worst = nullptr;
  double worst_share = -1;
  for (const GroupLevel& group : facts.groups) {
    if (group.cpu_quota && group.cpu_periods > 0) {
      const double share =
          static_cast<double>(group.cpu_throttled) / static_cast<double>(group.cpu_periods);
      if (share > worst_share) {
        worst_share = share;
        worst = &group;
      }
    }
  }
  if (worst == nullptr) {
    return {};
  }
  CheckResult result{"cpu.throttling", CheckStatus::ok, "", worst->folder + "/cpu.stat", "", ""};
  result.value = fmt::format("held back in {:.0f} % of {} periods, quota {} CPUs",
                             100 * worst_share,
                             worst->cpu_periods,
                             cpus_text(*worst->cpu_quota));
  result.why = "a stage that uses up the quota stands still until the next period";
  if (worst_share > kMuchThrottled) {
    result.status = CheckStatus::warn;
    result.fix =
        "raise the CPU quota (docker --cpus, Kubernetes limits.cpu), or run fewer jobs: -j";
  }
  return {result};
}

// One kind of pressure, judged by the share of time in which something stood still for it.
struct PressureKind {
  std::string_view name, why, fix;
  double limit;
};

CheckResult judge_pressure(const PressureKind& kind, const DoctorFacts& facts) {
  CheckResult result{fmt::format("pressure.{}", kind.name),
                     CheckStatus::ok,
                     "",
                     fmt::format("/proc/pressure/{}", kind.name),
                     std::string(kind.why),
                     ""};
  std::optional<Pressure> pressure;
  if (facts.sample) {
    const Pressures& all = facts.sample->machine;
    pressure = kind.name == "cpu" ? all.cpu : kind.name == "memory" ? all.memory : all.io;
  }
  if (!pressure) {
    result.status = CheckStatus::unknown;
    result.value = "this kernel does not tell";
    result.fix = "none needed; PSI is switched on by the kernel parameter psi=1";
    return result;
  }
  result.value = fmt::format("{:.1f} % of the last 10 s", pressure->some_avg10);
  if (pressure->some_avg10 > kind.limit) {
    result.status = CheckStatus::warn;
    result.fix = kind.fix;
  }
  return result;
}

std::vector<CheckResult> judge_cpu_pressure(const DoctorFacts& facts) {
  return {judge_pressure({"cpu",
                          "what else runs here takes the CPUs that stages wait for",
                          "end what else runs here, or run fewer jobs: -j",
                          kCpuPressure},
                         facts)};
}
std::vector<CheckResult> judge_memory_pressure(const DoctorFacts& facts) {
  return {judge_pressure({"memory",
                          "under memory pressure stages crawl, are stopped for a while or killed",
                          "end what else runs here, or set a budget: --memory",
                          kMemoryPressure},
                         facts)};
}
std::vector<CheckResult> judge_io_pressure(const DoctorFacts& facts) {
  return {judge_pressure({"io",
                          "stages that read and write much wait for the disk",
                          "end what else uses the disk",
                          kIoPressure},
                         facts)};
}

}  // namespace

std::vector<Check> cpu_checks() {
  return {
      {"cpu.jobs", "CPUs that may be used, against the jobs and what stages declare", judge_jobs},
      {"cpu.throttling", "how often a CPU quota held this group back", judge_throttling},
      {"pressure.cpu", "time in which something waited for a CPU", judge_cpu_pressure},
      {"pressure.memory", "time in which something waited for memory", judge_memory_pressure},
      {"pressure.io", "time in which something waited for a disk", judge_io_pressure}};
}

}  // namespace headway
