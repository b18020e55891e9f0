// Checks of limits: processes, open files, sizes, watches. Gathers nothing.
#include "base/units.hpp"
#include "diagnostics/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace headway {
namespace {

// What Headway itself holds open, and what it takes a running stage (docs/design/processes.md).
constexpr std::int64_t kOwnFiles = 64;
constexpr std::int64_t kFilesPerStage = 4;
constexpr std::int64_t kUsualFiles = 1024;
// Processes: Headway's two with their threads, and a shell with its command for each stage.
constexpr std::int64_t kOwnProcesses = 8;
constexpr std::int64_t kProcessesPerStage = 2;
constexpr std::int64_t kRoomyProcessesPerStage = 32;
constexpr double kNearlyAll = 0.9;
constexpr std::int64_t kFewWatches = 65536;
constexpr std::int64_t kFewInstances = 128;
constexpr std::int64_t kSmallFile = std::int64_t{1} << 30;

std::string jobs_text(const DoctorFacts& facts) {
  return fmt::format("{} stages at once, each with what it starts", facts.jobs());
}

std::vector<CheckResult> judge_processes(const DoctorFacts& facts) {
  CheckResult result{"limits.processes",
                     CheckStatus::ok,
                     "no limit near",
                     "/proc/self/limits",
                     jobs_text(facts),
                     ""};
  std::optional<std::int64_t> room;
  const auto lower = [&](std::int64_t found, std::string source, std::string text) {
    if (!room || found < *room) {
      room = found;
      result.source = std::move(source);
      result.value = std::move(text);
    }
  };
  if (const auto limit = facts.limits.processes) {
    lower(*limit, "/proc/self/limits (processes)", fmt::format("{} of this user", *limit));
  }
  for (const GroupLevel& group : facts.groups) {
    if (group.processes_limit) {
      const std::int64_t used = group.processes.value_or(0);
      lower(*group.processes_limit - used,
            group.folder + "/pids.max",
            fmt::format("{} of {} in use", used, *group.processes_limit));
    }
  }
  if (!room) {
    return {result};
  }
  if (*room < kOwnProcesses + kProcessesPerStage * facts.jobs()) {
    result.status = facts.needs.is_there() ? CheckStatus::fail : CheckStatus::warn;
  } else if (*room < kOwnProcesses + kRoomyProcessesPerStage * facts.jobs()) {
    result.status = CheckStatus::warn;
  }
  if (result.status != CheckStatus::ok) {
    result.fix =
        "raise it (ulimit -u, docker --pids-limit, systemd TasksMax), or run fewer jobs: -j";
  }
  return {result};
}

std::vector<CheckResult> judge_open_files(const DoctorFacts& facts) {
  CheckResult result{
      "limits.open_files", CheckStatus::ok, "unlimited", "/proc/self/limits", jobs_text(facts), ""};
  if (!facts.limits.is_known) {
    result.status = CheckStatus::unknown;
    result.value = "not told";
    return {result};
  }
  if (!facts.limits.open_files) {
    return {result};
  }
  const std::int64_t limit = *facts.limits.open_files;
  result.value = fmt::format("{}", limit);
  const bool can_be_raised = !facts.limits.open_files_hard || *facts.limits.open_files_hard > limit;
  const std::string fix = can_be_raised
                              ? "ulimit -n 4096"
                              : "raise the hard limit (limits.conf, docker --ulimit nofile)";
  if (limit < kOwnFiles + kFilesPerStage * facts.jobs()) {
    result.status = facts.needs.is_there() ? CheckStatus::fail : CheckStatus::warn;
    result.why = fmt::format("Headway itself needs about {} for {} jobs",
                             kOwnFiles + kFilesPerStage * facts.jobs(),
                             facts.jobs());
    result.fix = fix;
  } else if (limit < kUsualFiles) {
    result.status = CheckStatus::warn;
    result.why = "linkers, Java and bundlers open more files than that";
    result.fix = fix;
  }
  return {result};
}

std::vector<CheckResult> judge_file_size(const DoctorFacts& facts) {
  const auto limit = facts.limits.file_size_bytes;
  if (!limit) {
    return {};
  }
  CheckResult result{"limits.file_size",
                     *limit < kSmallFile ? CheckStatus::warn : CheckStatus::info,
                     format_size(*limit),
                     "/proc/self/limits",
                     "a stage that writes a larger file is killed with SIGXFSZ",
                     "ulimit -f unlimited"};
  return {result};
}

std::vector<CheckResult> judge_cpu_time(const DoctorFacts& facts) {
  const auto limit = facts.limits.cpu_seconds;
  if (!limit) {
    return {};
  }
  return {{"limits.cpu_time",
           CheckStatus::warn,
           fmt::format("{} s a process", *limit),
           "/proc/self/limits",
           "a stage that computes longer is killed with SIGXCPU",
           "ulimit -t unlimited"}};
}

std::vector<CheckResult> judge_machine_files(const DoctorFacts& facts) {
  const auto used = facts.limits.machine_files;
  const auto limit = facts.limits.machine_files_limit;
  if (!used || !limit || *limit <= 0) {
    return {};
  }
  CheckResult result{"limits.machine_files",
                     CheckStatus::ok,
                     fmt::format("{} open on the whole machine", *used),
                     "/proc/sys/fs/file-nr",
                     "where all are taken every program fails to open files",
                     ""};
  if (static_cast<double>(*used) > kNearlyAll * static_cast<double>(*limit)) {
    result.status = CheckStatus::warn;
    result.value += fmt::format(", of {}", *limit);
    result.fix = "sysctl fs.file-max, or end what holds them (lsof)";
  }
  return {result};
}

// Programs that watch folders, and run into the limits of watches.
bool is_watcher(const std::string& tool) {
  constexpr std::array<std::string_view, 12> kWatchers{"node",
                                                       "npm",
                                                       "npx",
                                                       "yarn",
                                                       "pnpm",
                                                       "vite",
                                                       "webpack",
                                                       "jest",
                                                       "tsc",
                                                       "gradle",
                                                       "bazel",
                                                       "watchman"};
  return std::find(kWatchers.begin(), kWatchers.end(), tool) != kWatchers.end();
}

std::vector<CheckResult> judge_inotify(const DoctorFacts& facts) {
  const auto watches = facts.limits.inotify_watches;
  const auto instances = facts.limits.inotify_instances;
  if (!watches || !instances) {
    return {};
  }
  CheckResult result{"limits.inotify",
                     CheckStatus::ok,
                     fmt::format("{} watches, {} instances", *watches, *instances),
                     "/proc/sys/fs/inotify",
                     "only programs that watch folders need them; no stage is known to",
                     ""};
  const auto found = std::find_if(facts.needs.tools.begin(),
                                  facts.needs.tools.end(),
                                  [](const ToolNeed& tool) { return is_watcher(tool.name); });
  if (found == facts.needs.tools.end()) {
    return {result};
  }
  result.why = fmt::format(
      "stage '{}' runs {}, which may watch folders", found->stages.front(), found->name);
  if (*watches < kFewWatches || *instances < kFewInstances) {
    result.status = CheckStatus::warn;
    result.fix = "sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512";
  }
  return {result};
}

}  // namespace

std::vector<Check> limit_checks() {
  return {{"limits.processes",
           "processes of this user and of every control group above",
           judge_processes},
          {"limits.open_files", "open files of a process", judge_open_files},
          {"limits.file_size",
           "the largest file a process may write, where that is limited",
           judge_file_size},
          {"limits.cpu_time", "CPU time of a process, where that is limited", judge_cpu_time},
          {"limits.machine_files", "open files of the whole machine", judge_machine_files},
          {"limits.inotify", "watches on folders", judge_inotify}};
}

}  // namespace headway
