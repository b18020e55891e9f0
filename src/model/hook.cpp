// See hook.hpp.
#include "model/hook.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

namespace headway {
namespace {

constexpr std::size_t kMostCommandBytes = 60;

// The first line of a command, cut.
std::string command_text(const StageCommand& run) {
  if (!run.is_script()) {
    return join(run.argv, " ").substr(0, kMostCommandBytes);
  }
  const std::string_view script = trim(run.script);
  const std::string_view line = trim(script.substr(0, script.find('\n')));
  const bool is_whole = line.size() == script.size() && line.size() <= kMostCommandBytes;
  return std::string(line.substr(0, kMostCommandBytes)) + (is_whole ? "" : " ...");
}

std::string git_text(const Hook& hook) {
  std::string text(to_string(hook.git));
  if (!hook.match.empty()) {
    text += " " + hook.match;
  }
  if (!hook.except.empty()) {
    text += fmt::format(" except {}", join(hook.except, ", "));
  }
  return text;
}

}  // namespace

std::string_view to_string(HookKind kind) noexcept {
  switch (kind) {
    case HookKind::tool:
      return "tool";
    case HookKind::env:
      return "env";
    case HookKind::file:
      return "file";
    case HookKind::disk:
      return "disk";
    case HookKind::memory:
      return "memory";
    case HookKind::git:
      return "git";
    case HookKind::port:
      return "port";
    case HookKind::run:
      return "run";
  }
  return "";
}

std::string_view to_string(HookSeverity severity) noexcept {
  return severity == HookSeverity::warning ? "warning" : "error";
}

std::string_view to_string(GitWish wish) noexcept {
  switch (wish) {
    case GitWish::clean:
      return "clean";
    case GitWish::branch:
      return "branch";
    case GitWish::no_conflicts:
      return "no-conflicts";
    case GitWish::pushed:
      return "pushed";
  }
  return "";
}

std::optional<GitWish> git_wish_named(std::string_view name) noexcept {
  for (const GitWish wish :
       {GitWish::clean, GitWish::branch, GitWish::no_conflicts, GitWish::pushed}) {
    if (to_string(wish) == name) {
      return wish;
    }
  }
  return std::nullopt;
}

std::string title_of(const Hook& hook) {
  std::string what;
  switch (hook.kind) {
    case HookKind::tool:
      what = hook.version.is_any() ? hook.name : hook.name + " " + hook.version.text();
      break;
    case HookKind::env:
    case HookKind::file:
      what = hook.name;
      break;
    case HookKind::disk:
    case HookKind::memory:
      what = format_size(hook.bytes);
      break;
    case HookKind::git:
      what = git_text(hook);
      break;
    case HookKind::port:
      what = std::to_string(hook.port);
      break;
    case HookKind::run:
      what = command_text(hook.run);
      break;
  }
  return fmt::format("{} {}", to_string(hook.kind), what);
}

}  // namespace headway
