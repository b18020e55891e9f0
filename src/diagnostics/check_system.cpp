// Checks of the system: kernel, what runs around it, clock, locale. Gathers nothing.
#include "base/units.hpp"
#include "diagnostics/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace headway {
namespace {

constexpr KernelVersion kOldestKernel{5, 4};
constexpr std::int64_t kEarliestSeconds = 1'735'689'600;  // 2025-01-01: Headway is younger

std::vector<CheckResult> judge_kernel(const DoctorFacts& facts) {
  CheckResult result{"kernel",
                     CheckStatus::ok,
                     facts.surroundings.kernel,
                     "/proc/sys/kernel/osrelease",
                     "Headway holds its processes with what Linux 5.4 brought",
                     ""};
  if (result.value.empty()) {
    result.status = CheckStatus::unknown;
    result.value = "not told";
  } else if (facts.surroundings.wsl == 1) {
    result.status = CheckStatus::fail;
    result.why = "WSL 1 has no Linux kernel: processes cannot be held";
    result.fix = "wsl --set-version DISTRIBUTION 2";
  } else if (kernel_version(result.value) < kOldestKernel) {
    result.status = CheckStatus::fail;
    result.fix = "use Linux 5.4 or newer";
  }
  return {result};
}

std::vector<CheckResult> judge_surroundings(const DoctorFacts& facts) {
  const Surroundings& found = facts.surroundings;
  CheckResult result{"surroundings", CheckStatus::info, "", "/etc/os-release", "", ""};
  std::string text = found.system.empty() ? "an unknown system" : found.system;
  if (!found.container.empty()) {
    text += fmt::format(", in a container ({})", found.container);
    result.source = found.container_source;
  }
  if (found.wsl > 0) {
    text += fmt::format(", WSL {}", found.wsl);
  } else if (!found.machine.empty()) {
    text += fmt::format(", on a virtual machine ({})", found.machine);
  }
  result.value = std::move(text);
  result.why = found.container.empty() && found.machine.empty()
                   ? "times of runs are compared with those of runs in the same surroundings"
                   : "CPUs and memory may be shared with others: times vary more";
  return {result};
}

std::vector<CheckResult> judge_clock(const DoctorFacts& facts) {
  const ClockFacts& clock = facts.clock;
  CheckResult result{
      "clock", CheckStatus::ok, to_rfc3339(clock.now), "clock_gettime(2), adjtimex(2)", "", ""};
  result.value += clock.zone.empty() ? "" : ", zone " + clock.zone;
  result.why =
      "certificates, make and caches compare times; Headway's own durations do not depend on it";
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(clock.now.time_since_epoch()).count();
  if (seconds < kEarliestSeconds) {
    result.status = CheckStatus::warn;
    result.why =
        "the clock is wrong: certificates are refused, and make takes files for newer than they "
        "are";
    result.fix = "set the clock: timedatectl set-ntp true";
  } else if (clock.newest_run && *clock.newest_run > clock.now + std::chrono::minutes(1)) {
    result.status = CheckStatus::warn;
    result.why = fmt::format("the newest run is from the future ({}): the clock was set back",
                             to_rfc3339(*clock.newest_run));
    result.fix = "set the clock: timedatectl set-ntp true";
  } else if (clock.is_synchronised && !*clock.is_synchronised) {
    result.status = CheckStatus::info;
    result.value += ", not known to be synchronised";
  }
  return {result};
}

// Programs that complain, or write question marks, without UTF-8.
bool cares_about_locale(const std::string& tool) {
  constexpr std::array<std::string_view, 9> kTools{
      "perl", "python", "python3", "pytest", "ruby", "bundle", "mix", "elixir", "git"};
  return std::find(kTools.begin(), kTools.end(), tool) != kTools.end();
}

std::vector<CheckResult> judge_locale(const DoctorFacts& facts) {
  const LocaleFacts& locale = facts.locale;
  CheckResult result{"locale", CheckStatus::ok, "", "environment", "", ""};
  result.value = locale.variable.empty() ? "none set (POSIX)"
                                         : fmt::format("{}={}", locale.variable, locale.value);
  const auto found =
      std::find_if(facts.needs.tools.begin(), facts.needs.tools.end(), [](const ToolNeed& tool) {
        return cares_about_locale(tool.name);
      });
  const bool matters = found != facts.needs.tools.end();
  result.why = matters ? fmt::format("stage '{}' runs {}, which reads and prints text by it",
                                     found->stages.front(),
                                     found->name)
                       : "programs sort, read and print text by it";
  if (!locale.is_installed) {
    result.status = CheckStatus::warn;
    result.value += ", not installed here";
    result.fix = "set LC_ALL=C.UTF-8 under env in the workflow file";
  } else if (!locale.is_utf8) {
    result.status = matters ? CheckStatus::warn : CheckStatus::info;
    result.fix = matters ? "set LC_ALL=C.UTF-8 under env in the workflow file" : "";
  }
  return {result};
}

}  // namespace

std::vector<Check> system_checks() {
  return {{"kernel", "release of the kernel", judge_kernel},
          {"surroundings", "distribution, container, virtual machine, WSL", judge_surroundings},
          {"clock", "the civil clock", judge_clock},
          {"locale", "the locale that stages inherit", judge_locale}};
}

}  // namespace headway
