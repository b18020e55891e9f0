// The commit-msg hook of a git repository. Knows no message.
#pragma once

#include "headway/result.hpp"

#include <string>

namespace headway {

// What was done.
struct InstalledHook {
  std::string path;
  bool is_new = true;  // false: an older one of ours was replaced, or it was there as it is
};

// Writes the hook of the repository around `directory` (in worktrees and with core.hooksPath too),
// which runs `program` (an absolute path; where that is gone, the headway of the PATH). Error
// conflict where there is a hook of somebody else: it is left alone, the next step has the line to
// add to it. Error not_found outside a repository.
Result<InstalledHook> install_commit_hook(const std::string& directory, const std::string& program);

}  // namespace headway
