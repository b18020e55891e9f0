// Checks of the git repository around the workspace. None of them fails: no workflow needs git but
// through its tools. Gathers nothing.
#include "base/text.hpp"
#include "base/units.hpp"
#include "diagnostics/check.hpp"

#include <fmt/format.h>

namespace headway {
namespace {

constexpr Nanos kOldLock = std::chrono::minutes(10);
constexpr std::size_t kShortCommit = 8;

// Whether there is anything to judge; else `result` says why not, or nothing is said.
bool has_repository(const DoctorFacts& facts) {
  return facts.git && !facts.git->root.empty();
}

std::vector<CheckResult> judge_repository(const DoctorFacts& facts) {
  CheckResult result{"git.repository", CheckStatus::info, "none", ".git", "", ""};
  if (!facts.git) {
    result.status = CheckStatus::unknown;
    result.value = "not told in time";
    return {result};
  }
  const GitState& git = *facts.git;
  result.why = "runs are recorded with their commit: what changed between two is told by it";
  if (git.root.empty()) {
    return {result};
  }
  result.status = CheckStatus::ok;
  result.source = git.root + "/.git";
  result.value =
      fmt::format("{} at {}",
                  git.branch.empty() ? "detached" : "branch " + git.branch,
                  git.commit.empty() ? "no commit yet" : git.commit.substr(0, kShortCommit));
  if (!git.is_owned) {
    result.status = CheckStatus::warn;
    result.value += ", the folder belongs to another user";
    result.why = "git refuses to work in folders of other users (\"dubious ownership\")";
    result.fix = fmt::format("git config --global --add safe.directory {}", shell_quote(git.root));
  }
  return {result};
}

std::vector<CheckResult> judge_operation(const DoctorFacts& facts) {
  if (!has_repository(facts) || (facts.git->operation.empty() && facts.git->unmerged == 0)) {
    return {};
  }
  const GitState& git = *facts.git;
  CheckResult result{"git.operation", CheckStatus::warn, "", git.root + "/.git", "", ""};
  result.value =
      git.operation.empty() ? "conflicts" : fmt::format("a {} is under way", git.operation);
  if (git.unmerged > 0) {
    result.value += fmt::format(", {} files with conflicts", git.unmerged);
  }
  result.why = "stages see a half-done state; commits and tags may land in the wrong place";
  result.fix = git.operation.empty() ? "git status"
               : git.operation == "bisect"
                   ? "git bisect reset"
                   : fmt::format("git {0} --continue, or git {0} --abort", git.operation);
  return {result};
}

std::vector<CheckResult> judge_changes(const DoctorFacts& facts) {
  if (!has_repository(facts)) {
    return {};
  }
  const GitState& git = *facts.git;
  CheckResult result{"git.changes", CheckStatus::info, "", "git status", "", ""};
  result.why = "a run of uncommitted files cannot be repeated from its commit";
  if (!git.was_asked || git.is_late) {
    result.status = CheckStatus::unknown;
    result.value = git.is_late ? "git did not answer in time" : "git was not asked";
  } else if (git.changed == 0 && git.untracked == 0) {
    result.status = CheckStatus::ok;
    result.value = "clean";
  } else {
    result.value = fmt::format("{} changed, {} untracked", git.changed, git.untracked);
  }
  return {result};
}

std::vector<CheckResult> judge_history(const DoctorFacts& facts) {
  if (!has_repository(facts) || !facts.git->is_shallow) {
    return {};
  }
  return {{"git.history",
           CheckStatus::info,
           "a shallow clone",
           facts.git->root + "/.git/shallow",
           "what this change is cannot be told against its base: everything counts as changed",
           "git fetch --unshallow"}};
}

std::vector<CheckResult> judge_lock(const DoctorFacts& facts) {
  if (!has_repository(facts) || !facts.git->lock_age) {
    return {};
  }
  const bool is_old = *facts.git->lock_age > kOldLock;
  return {{"git.lock",
           is_old ? CheckStatus::warn : CheckStatus::info,
           fmt::format("index.lock is there for {}", format_duration(*facts.git->lock_age)),
           facts.git->root + "/.git/index.lock",
           "git commands of stages that change the index fail while it is there",
           is_old ? "see that no git runs, then remove it" : ""}};
}

}  // namespace

std::vector<Check> git_checks() {
  return {
      {"git.repository",
       "the repository, its branch and commit, and whom it belongs to",
       judge_repository},
      {"git.operation", "a merge, rebase or the like under way, and conflicts", judge_operation},
      {"git.changes", "uncommitted and untracked files", judge_changes},
      {"git.history", "a shallow clone", judge_history},
      {"git.lock", "an index.lock that was left", judge_lock}};
}

}  // namespace headway
