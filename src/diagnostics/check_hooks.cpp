// Checks that the workflow file itself asks for, before its stages. Gathers nothing.
#include "diagnostics/check.hpp"

#include <fmt/format.h>

namespace headway {
namespace {

CheckResult judge_hook(const HookFacts& facts) {
  const Hook& hook = facts.question.hook;
  CheckResult result{fmt::format("hook.{}.{}", facts.stage, facts.number),
                     CheckStatus::ok,
                     "",
                     "'hooks' of the workflow file",
                     fmt::format("{} is asked for before stage '{}'", title_of(hook), facts.stage),
                     ""};
  if (hook.kind == HookKind::run) {
    result.status = CheckStatus::info;
    result.value = "a command, not run here";
    result.fix = fmt::format("run it: headway hooks {}", facts.stage);
    return result;
  }
  const HookFinding finding = facts.finding.value_or(late_finding(hook));
  result.value = finding.found;
  if (!finding.is_answered) {
    result.status = CheckStatus::unknown;
    result.value = facts.finding ? finding.found : "not looked at in time";
    result.fix = fmt::format("headway hooks {}", facts.stage);
  } else if (!finding.passed) {
    const bool is_fatal = facts.counts && hook.severity == HookSeverity::error;
    result.status = is_fatal ? CheckStatus::fail : CheckStatus::warn;
    result.fix = finding.hint;
  }
  return result;
}

std::vector<CheckResult> judge_hooks(const DoctorFacts& facts) {
  std::vector<CheckResult> results;
  for (const HookFacts& hook : facts.hooks) {
    results.push_back(judge_hook(hook));
  }
  return results;
}

}  // namespace

std::vector<Check> hook_checks() {
  return {{"hook.*",
           "each hook of the workflow, by stage and number; commands are not run",
           judge_hooks}};
}

}  // namespace headway
