// HookRegistry: see include/headway/hooks.hpp.
#include "base/files.hpp"
#include "base/path_patterns.hpp"
#include "diagnostics/hook_round.hpp"
#include "headway/hooks.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace headway {
namespace {

constexpr int kMaxPort = 65'535;
constexpr double kMaxTimeoutSeconds = 24 * 3600;

Error refused(std::string why) {
  return {ErrorCode::invalid_argument, "hook " + std::move(why)};
}

// What the options look at; an error where that is nothing, or more than one thing.
Result<HookKind> kind_of(const HookOptions& options) {
  const std::pair<HookKind, bool> given[] = {{HookKind::tool, !options.tool.empty()},
                                             {HookKind::env, !options.env.empty()},
                                             {HookKind::file, !options.file.empty()},
                                             {HookKind::disk, options.disk_bytes != 0},
                                             {HookKind::memory, options.memory_bytes != 0},
                                             {HookKind::git, !options.git.empty()},
                                             {HookKind::port, options.port != 0},
                                             {HookKind::run, !options.run.empty()}};
  std::vector<HookKind> kinds;
  for (const auto& [kind, is_given] : given) {
    if (is_given) {
      kinds.push_back(kind);
    }
  }
  if (kinds.empty()) {
    return refused("has nothing to look at");
  }
  if (kinds.size() > 1) {
    return refused(fmt::format("has both '{}' and '{}'", to_string(kinds[0]), to_string(kinds[1])));
  }
  return kinds.front();
}

Result<void> check_numbers(const HookOptions& options) {
  if (options.disk_bytes < 0 || options.memory_bytes < 0) {
    return refused("asks for less than nothing");
  }
  if (options.port < 0 || options.port > kMaxPort) {
    return refused(fmt::format("has port {}, which is none: 1 to {}", options.port, kMaxPort));
  }
  if (!(options.timeout.count() > 0 && options.timeout.count() <= kMaxTimeoutSeconds)) {
    return refused("has a timeout that is not between 0 and a day");
  }
  return {};
}

// The texts that have a form of their own, read into `hook`.
Result<void> read_texts(const HookOptions& options, Hook& hook) {
  if (!options.version.empty()) {
    auto range = VersionRange::parse(options.version);
    if (!range) {
      return std::move(range).error();
    }
    hook.version = std::move(*range);
  }
  if (hook.kind == HookKind::git) {
    const auto wish = git_wish_named(options.git);
    if (!wish) {
      return refused(
          fmt::format("has git '{}': one of clean, branch, no-conflicts, pushed", options.git));
    }
    hook.git = *wish;
  }
  std::vector<std::string> globs = options.except;
  if (!options.match.empty()) {
    globs.push_back(options.match);
  }
  if (const auto patterns = PathPatterns::parse(globs); !patterns) {
    return patterns.error();
  }
  return {};
}

Result<Hook> hook_of(const HookOptions& options) {
  const auto kind = kind_of(options);
  if (!kind) {
    return kind.error();
  }
  Hook hook;
  hook.kind = *kind;
  if (auto checked = check_numbers(options); !checked) {
    return std::move(checked).error();
  }
  if (auto read = read_texts(options, hook); !read) {
    return std::move(read).error();
  }
  hook.name = options.tool + options.env + options.file;  // (at most one of them is given)
  hook.bytes = options.disk_bytes + options.memory_bytes;
  hook.match = options.match;
  hook.except = options.except;
  hook.port = options.port;
  hook.run.argv = options.run;
  hook.severity = options.is_warning ? HookSeverity::warning : HookSeverity::error;
  hook.timeout = std::chrono::duration_cast<Nanos>(options.timeout);
  hook.hint = options.hint;
  return hook;
}

std::vector<std::string> own_environment() {
  std::vector<std::string> all;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    all.emplace_back(*entry);
  }
  return all;
}

Hook hook_known_good(const HookOptions& options) {
  return hook_of(options).value_or(Hook());
}

// What the change process asks for before its stages.
std::map<int, std::vector<Hook>> process_hooks(const std::string& change_folder) {
  HookOptions clean{.git = "clean"};
  if (!change_folder.empty() && PathPatterns::parse({change_folder})) {
    clean.except = {change_folder};
  }
  std::map<int, std::vector<Hook>> hooks;
  hooks[0] = {hook_known_good({.tool = "python3", .version = ">= 3.11"}),
              hook_known_good({.tool = "git"})};
  hooks[1] = {hook_known_good(clean),
              hook_known_good({.git = "branch",
                               .except = {"main", "master", "develop"},
                               .hint = "make a branch for the change: git switch -c NAME"})};
  hooks[10] = {hook_known_good({.git = "no-conflicts"})};
  hooks[12] = {
      hook_known_good({.tool = "gh", .is_warning = true}),
      hook_known_good(
          {.run = {"gh", "auth", "status"}, .is_warning = true, .hint = "run: gh auth login"})};
  return hooks;
}

}  // namespace

// All that a HookRegistry is.
struct HookRegistry::State {
  std::string directory;
  std::map<int, std::vector<Hook>> hooks;
};

bool may_start(const std::vector<HookResult>& results) noexcept {
  return std::all_of(results.begin(), results.end(), [](const HookResult& result) {
    return result.passed || result.is_warning;
  });
}

HookRegistry::HookRegistry(Owned<State> state) : state_(std::move(state)) {}

HookRegistry::HookRegistry(HookRegistryOptions options) : HookRegistry(empty(options)) {
  state_->hooks = process_hooks(options.change_folder);
}

HookRegistry HookRegistry::empty(HookRegistryOptions options) {
  auto state = std::make_unique<State>();
  state->directory = absolute_path(current_directory(), options.directory);
  return HookRegistry(std::move(state));
}

HookRegistry::HookRegistry(HookRegistry&&) noexcept = default;
HookRegistry& HookRegistry::operator=(HookRegistry&&) noexcept = default;
HookRegistry::~HookRegistry() = default;

Result<void> HookRegistry::add(int stage_id, const HookOptions& options) {
  if (stage_id < 0) {
    return refused(fmt::format("has stage {}: stages count from 0", stage_id));
  }
  auto hook = hook_of(options);
  if (!hook) {
    return std::move(hook).error();
  }
  state_->hooks[stage_id].push_back(std::move(*hook));
  return {};
}

void HookRegistry::clear(int stage_id) {
  state_->hooks.erase(stage_id);
}

std::vector<int> HookRegistry::stages() const {
  std::vector<int> all;
  for (const auto& [stage, hooks] : state_->hooks) {
    all.push_back(stage);
  }
  return all;
}

std::vector<std::string> HookRegistry::get_hooks(int stage_id) const {
  std::vector<std::string> titles;
  if (const auto found = state_->hooks.find(stage_id); found != state_->hooks.end()) {
    for (const Hook& hook : found->second) {
      titles.push_back(title_of(hook));
    }
  }
  return titles;
}

std::vector<HookResult> HookRegistry::check(int stage_id) const {
  const auto found = state_->hooks.find(stage_id);
  if (found == state_->hooks.end()) {
    return {};
  }
  const auto place =
      std::make_shared<const HookPlace>(HookPlace{state_->directory, own_environment()});
  std::vector<HookQuestion> questions;
  for (const Hook& hook : found->second) {
    questions.push_back({hook, hook.run.argv, place});
  }
  std::vector<HookResult> results;
  for (HookFinding& finding : check_hooks(std::move(questions))) {
    const Hook& hook = found->second[results.size()];
    results.push_back({stage_id,
                       title_of(hook),
                       hook.severity == HookSeverity::warning,
                       finding.passed,
                       std::move(finding.found),
                       std::move(finding.expected),
                       std::move(finding.hint)});
  }
  return results;
}

}  // namespace headway
