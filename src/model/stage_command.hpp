// StageCommand: what is to be run, as the workflow file says it. Knows nothing of running.
#pragma once

#include <string>
#include <vector>

namespace headway {

// What a stage, a gate or a hook runs: `script` as `sh -e -c` would, or `argv` without a shell.
// Exactly one is filled.
struct StageCommand {
  std::string script;
  std::vector<std::string> argv;
  std::vector<std::string> arguments{};  // of this run: the script's "$@", or behind `argv`

  bool is_script() const noexcept { return argv.empty(); }
};

}  // namespace headway
