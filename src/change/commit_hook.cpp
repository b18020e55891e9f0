// See commit_hook.hpp.
#include "change/commit_hook.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "host/git_questions.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <sys/stat.h>

namespace headway {
namespace {

constexpr std::string_view kMark = "# Installed by: headway commit install-hook";

std::string hook_text(const std::string& program) {
  return fmt::format(
      "#!/bin/sh\n{0}\nheadway={1}\n[ -x \"$headway\" ] || headway=headway\n"
      "exec \"$headway\" -q commit check \"$1\"\n",
      kMark,
      shell_quote(program));
}

// Where a person adds to the hook: husky's own folder is made anew by husky.
std::string own_file_of(const std::string& path) {
  constexpr std::string_view kHusky = "/.husky/_/commit-msg";
  return path.ends_with(kHusky)
             ? shell_quote(path.substr(0, path.size() - kHusky.size()) + "/.husky/commit-msg")
             : "it";
}

}  // namespace

Result<InstalledHook> install_commit_hook(const std::string& directory,
                                          const std::string& program) {
  const GitAnswer answer =
      std::move(ask_git(directory, {{"rev-parse", "--git-path", "hooks"}}).front());
  if (!answer.is_good()) {
    return Error{answer.is_missing ? ErrorCode::unsupported : ErrorCode::not_found,
                 fmt::format("find the hooks of the repository: {}", answer.trouble()),
                 answer.is_missing ? "" : "run it inside a git repository"};
  }
  const std::string folder =
      absolute_path(absolute_path(current_directory(), directory), trim(answer.output));
  InstalledHook hook{folder + "/commit-msg"};
  const std::string text = hook_text(program);
  if (path_exists(hook.path)) {
    const auto old = read_file(hook.path);
    if (!old) {
      return old.error();
    }
    if (old->find(kMark) == std::string::npos) {
      return Error{ErrorCode::conflict,
                   fmt::format("write '{}': there is another hook already", hook.path),
                   fmt::format("add this line to {}: {} -q commit check \"$1\" || exit 1",
                               own_file_of(hook.path),
                               shell_quote(program))};
    }
    hook.is_new = false;
  }
  if (const auto made = make_directories(folder); !made) {
    return made.error();
  }
  if (const auto written = write_file_atomically(hook.path, text, Durability::process); !written) {
    return written.error();
  }
  if (::chmod(hook.path.c_str(), 0755) != 0) {
    return Error{ErrorCode::io, system_message(hook.path, errno)};
  }
  return hook;
}

}  // namespace headway
