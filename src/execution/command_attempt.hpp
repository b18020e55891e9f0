// One attempt of a command inside a program: a child process that the calling thread waits for.
// Knows nothing of stages.
#pragma once

#include "base/clock.hpp"
#include "base/secrets.hpp"
#include "execution/attempt_end.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace headway {

// What to run, and how it is told to end.
struct CommandSpec {
  const std::vector<std::string>& argv;
  std::string directory;      // absolute; empty: where this process is
  std::stop_token terminate;  // SIGTERM to its process group, once
  std::stop_token kill;       // SIGKILL
  SecretSet secrets;          // masked in its output
};

// The end of its output that a failed command's `error` holds at most.
inline constexpr std::size_t kErrorTailBytes = std::size_t{8} << 10;

// Starts it and returns when it has ended; what it leaves running in its process group is killed.
// The process dies with this thread at the latest (PR_SET_PDEATHSIG). The environment is this
// process's own.
AttemptEnd run_command(const CommandSpec& spec, const Clock& clock);

}  // namespace headway
