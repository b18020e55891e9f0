// Checks of memory: limits at every level, what is free, kills, swap, overcommit. Gathers nothing.
#include "base/units.hpp"
#include "diagnostics/check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

constexpr std::int64_t kLittleMemory = std::int64_t{256} << 20;
constexpr double kNearlyAll = 0.9;
constexpr int kStrictOvercommit = 2;

// The least limit of all and where it is set.
struct LeastLimit {
  std::int64_t bytes = 0;
  std::string source;
};

LeastLimit least_limit(const DoctorFacts& facts) {
  LeastLimit least{facts.sample ? facts.sample->memory_total_bytes.value_or(0) : 0,
                   "/proc/meminfo"};
  for (const GroupLevel& group : facts.groups) {
    for (const auto& [limit, name] : {std::pair(group.memory_limit_bytes, "memory.max"),
                                      {group.memory_high_bytes, "memory.high"}}) {
      if (limit && (least.bytes == 0 || *limit < least.bytes)) {
        least = {*limit, group.folder + "/" + name};
      }
    }
  }
  if (facts.limits.address_space_bytes && least.bytes > *facts.limits.address_space_bytes) {
    least = {*facts.limits.address_space_bytes, "/proc/self/limits (address space)"};
  }
  return least;
}

// What the neediest stage takes, in words; empty where nothing is known.
std::string need_text(const WorkflowNeeds& needs) {
  if (needs.declared_memory.amount >= needs.peak_memory.amount &&
      needs.declared_memory.amount > 0) {
    return fmt::format("stage '{}' declares {}",
                       needs.declared_memory.stage,
                       format_size(static_cast<std::int64_t>(needs.declared_memory.amount)));
  }
  if (needs.peak_memory.amount > 0) {
    return fmt::format("stage '{}' took {} in an earlier run",
                       needs.peak_memory.stage,
                       format_size(static_cast<std::int64_t>(needs.peak_memory.amount)));
  }
  return "";
}

double largest_need(const WorkflowNeeds& needs) {
  return std::max(needs.declared_memory.amount, needs.peak_memory.amount);
}

CheckResult not_told(std::string id, std::string source) {
  return {std::move(id), CheckStatus::unknown, "not told", std::move(source), "", ""};
}

std::vector<CheckResult> judge_limit(const DoctorFacts& facts) {
  const LeastLimit least = least_limit(facts);
  if (least.bytes <= 0) {
    return {not_told("memory.limit", "/proc/meminfo")};
  }
  CheckResult result{
      "memory.limit", CheckStatus::ok, format_size(least.bytes), least.source, "", ""};
  const std::string need = need_text(facts.needs);
  result.why = need.empty() ? "all stages together must do with it" : need;
  const auto bytes = static_cast<double>(least.bytes);
  const std::string fix =
      "raise the limit (docker --memory, Kubernetes limits.memory, systemd MemoryMax), or let the "
      "stage take less";
  if (facts.needs.declared_memory.amount > bytes) {
    result.status = CheckStatus::fail;
    result.why =
        fmt::format("stage '{}' declares {}: more than there is, so it is likely to be killed",
                    facts.needs.declared_memory.stage,
                    format_size(static_cast<std::int64_t>(facts.needs.declared_memory.amount)));
    result.fix = fix;
  } else if (largest_need(facts.needs) > kNearlyAll * bytes || least.bytes < kLittleMemory) {
    result.status = CheckStatus::warn;
    result.fix = fix;
  }
  return {result};
}

std::vector<CheckResult> judge_available(const DoctorFacts& facts) {
  if (!facts.sample || !facts.sample->memory_available_bytes) {
    return {not_told("memory.available", "/proc/meminfo")};
  }
  const std::int64_t room = memory_room_bytes(*facts.sample);
  CheckResult result{"memory.available",
                     CheckStatus::ok,
                     format_size(room),
                     "/proc/meminfo, memory.current",
                     "",
                     ""};
  const std::string need = need_text(facts.needs);
  result.why = need.empty() ? "stages start while memory for them is free" : need;
  if (largest_need(facts.needs) > static_cast<double>(room) || room < kLittleMemory) {
    result.status = CheckStatus::warn;
    result.fix = "end what else takes memory here; until then such stages wait or run alone";
  }
  return {result};
}

std::vector<CheckResult> judge_kills(const DoctorFacts& facts) {
  CheckResult result{"memory.oom_kills", CheckStatus::ok, "none", "/proc/vmstat", "", ""};
  result.why = "what the kernel kills for want of memory ends with SIGKILL and no message";
  std::int64_t in_groups = 0;
  for (const GroupLevel& group : facts.groups) {
    if (group.oom_kills.value_or(0) > in_groups) {
      in_groups = *group.oom_kills;
      result.source = group.folder + "/memory.events";
    }
  }
  if (in_groups > 0) {
    result.status = CheckStatus::warn;
    result.value = fmt::format("{} in this group since it was made", in_groups);
    result.fix =
        "raise the memory limit of the group, or declare resources.memory of the large stages";
    return {result};
  }
  if (!facts.sample || !facts.sample->machine_oom_kills) {
    return {not_told("memory.oom_kills", "/proc/vmstat")};
  }
  if (*facts.sample->machine_oom_kills > 0) {
    result.status = CheckStatus::info;
    result.value =
        fmt::format("{} on the whole machine since it started", *facts.sample->machine_oom_kills);
  }
  return {result};
}

std::vector<CheckResult> judge_swap(const DoctorFacts& facts) {
  const std::int64_t total = facts.limits.swap_total_bytes;
  CheckResult result{"memory.swap", CheckStatus::ok, "", "/proc/meminfo", "", ""};
  result.why =
      "without swap the kernel kills at once where memory runs out; with much in use stages crawl";
  if (total <= 0) {
    result.status = CheckStatus::info;
    result.value = "none";
    return {result};
  }
  const std::int64_t used = std::max<std::int64_t>(0, total - facts.limits.swap_free_bytes);
  result.value = fmt::format("{} of {} used", format_size(used), format_size(total));
  const bool is_pressed =
      facts.sample && facts.sample->machine.memory && facts.sample->machine.memory->some_avg10 > 1;
  if (is_pressed && static_cast<double>(used) > kNearlyAll * static_cast<double>(total)) {
    result.status = CheckStatus::warn;
    result.fix = "end what else takes memory here, or run fewer jobs: -j";
  }
  return {result};
}

std::vector<CheckResult> judge_overcommit(const DoctorFacts& facts) {
  const SystemLimits& limits = facts.limits;
  CheckResult result{
      "memory.overcommit", CheckStatus::ok, "", "/proc/sys/vm/overcommit_memory", "", ""};
  if (!limits.overcommit_mode) {
    return {not_told("memory.overcommit", result.source)};
  }
  const std::int64_t left =
      std::max<std::int64_t>(0, limits.commit_limit_bytes - limits.committed_bytes);
  result.value = fmt::format("mode {}", *limits.overcommit_mode);
  result.why =
      "in mode 2 large programs cannot start others: memory is counted that they never touch";
  if (*limits.overcommit_mode != kStrictOvercommit) {
    return {result};
  }
  result.value += fmt::format(", {} left to promise", format_size(left));
  const bool is_short =
      largest_need(facts.needs) > static_cast<double>(left) || left < kLittleMemory;
  result.status = is_short ? CheckStatus::warn : CheckStatus::info;
  result.fix = is_short ? "sysctl vm.overcommit_memory=0, or raise vm.overcommit_ratio" : "";
  return {result};
}

}  // namespace

std::vector<Check> memory_checks() {
  return {{"memory.limit",
           "the least memory limit, of the machine and of every control group above",
           judge_limit},
          {"memory.available", "memory that is free now", judge_available},
          {"memory.oom_kills", "kills for want of memory so far", judge_kills},
          {"memory.swap", "swap space and its use", judge_swap},
          {"memory.overcommit",
           "whether the kernel promises more memory than it has",
           judge_overcommit}};
}

}  // namespace headway
