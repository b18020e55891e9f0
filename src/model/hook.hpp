// Hook: one thing that must be so before a stage starts, as the workflow file says it. Plain
// values; looks at nothing.
#pragma once

#include "base/clock.hpp"
#include "model/problem.hpp"
#include "model/stage_command.hpp"
#include "model/version_range.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// What is looked at. Spelled as the keys of the file.
enum class HookKind : std::uint8_t { tool, env, file, disk, memory, git, port, run };

// What the repository must be.
enum class GitWish : std::uint8_t {
  clean,         // nothing uncommitted, nothing untracked
  branch,        // on a branch, of these names
  no_conflicts,  // nothing unmerged
  pushed         // no commit that the upstream branch does not have
};

// What a check that is not met means for the stage.
enum class HookSeverity : std::uint8_t {
  error,   // it is not started
  warning  // it is told
};

inline constexpr Nanos kHookTimeout = std::chrono::seconds(10);

// One hook. Of what follows `kind` only what is said to belong to it has a meaning.
struct Hook {
  HookKind kind = HookKind::run;
  std::string name;                 // tool, env, file: which one
  VersionRange version;             // tool
  std::int64_t bytes = 0;           // disk, memory: at least so much, > 0
  GitWish git = GitWish::clean;     // git
  std::string match;                // git branch: a glob of its name; empty: any
  std::vector<std::string> except;  // git clean: globs of paths that do not count; git branch:
                                    // globs of branches that will not do
  int port = 0;                     // port: 1..65535, must be free
  StageCommand run;                 // run: must succeed
  HookSeverity severity = HookSeverity::error;
  Nanos timeout = kHookTimeout;  // > 0: an answer that takes longer is none
  std::string hint;              // what to do about it; empty: what is known of the kind
  Position at;
};

std::string_view to_string(HookKind kind) noexcept;
std::string_view to_string(HookSeverity severity) noexcept;
std::string_view to_string(GitWish wish) noexcept;  // "no-conflicts"
std::optional<GitWish> git_wish_named(std::string_view name) noexcept;
// "tool git >= 2.30", "disk 2 GiB", "git clean", "run gh auth status": on one line.
std::string title_of(const Hook& hook);

}  // namespace headway
