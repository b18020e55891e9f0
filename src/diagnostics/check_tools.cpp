// Checks of programs: those that stages start, and the shell that starts them. Gathers nothing.
#include "base/text.hpp"
#include "diagnostics/check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

constexpr std::size_t kShownStages = 3;

// "stage 'unit' starts it", "stages 'unit', 'lint' start it".
std::string started_text(const std::vector<std::string>& stages) {
  std::vector<std::string> shown;
  for (std::size_t at = 0; at < std::min(stages.size(), kShownStages); ++at) {
    shown.push_back(fmt::format("'{}'", stages[at]));
  }
  const std::size_t more = stages.size() - shown.size();
  return fmt::format("{} {}{} {} it",
                     stages.size() == 1 ? "stage" : "stages",
                     join(shown, ", "),
                     more == 0 ? "" : fmt::format(" and {} more", more),
                     stages.size() == 1 ? "starts" : "start");
}

CheckResult judge_tool(const ToolNeed& need, const ToolFacts& tool) {
  CheckResult result{"tool." + need.name, CheckStatus::ok, "", tool.file, "", ""};
  result.why = started_text(need.stages);
  if (tool.file.empty() && tool.is_late) {
    result.status = CheckStatus::unknown;
    result.value = "not looked at in time";
    result.fix = fmt::format("look by hand: command -v {}", shell_quote(need.name));
    return result;
  }
  if (tool.file.empty()) {
    result.status = need.is_certain ? CheckStatus::fail : CheckStatus::warn;
    result.value = tool.trouble.empty() ? "not found" : tool.trouble;
    result.source = "PATH";
    result.why += need.is_certain ? "" : ", perhaps only under conditions";
    result.fix = fmt::format("install {}, or add its folder to PATH", need.name);
    return result;
  }
  if (!tool.version.empty()) {
    result.value = tool.version;
  } else if (tool.is_late) {
    result.status = CheckStatus::unknown;
    result.value = "there, but did not tell its version in time";
    result.fix = fmt::format("run it by hand: {} --version", shell_quote(tool.file));
  } else {
    result.value = "there";
  }
  return result;
}

std::vector<CheckResult> judge_tools(const DoctorFacts& facts) {
  std::vector<CheckResult> results;
  for (std::size_t at = 0; at < std::min(facts.needs.tools.size(), facts.tools.size()); ++at) {
    results.push_back(judge_tool(facts.needs.tools[at], facts.tools[at]));
  }
  return results;
}

std::vector<CheckResult> judge_shell(const DoctorFacts& facts) {
  CheckResult result{"shell",
                     CheckStatus::ok,
                     "",
                     "/bin/sh",
                     "stages that are no single command are run by it",
                     ""};
  if (!facts.shell) {
    result.status = CheckStatus::unknown;
    result.value = "not looked at in time";
  } else if (facts.shell->file.empty()) {
    result.status = facts.needs.is_there() ? CheckStatus::fail : CheckStatus::warn;
    result.value = "not found";
    result.fix = "install a POSIX shell as /bin/sh";
  } else {
    result.value = facts.shell->file;
  }
  return {result};
}

}  // namespace

std::vector<Check> tool_checks() {
  return {
      {"shell", "the shell that runs scripts of stages", judge_shell},
      {"tool.*",
       "each program that stages start: where it is, and its version where it is known how to ask",
       judge_tools}};
}

}  // namespace headway
