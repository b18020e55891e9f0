// A short command with a deadline: its output and how it ended. Nothing of it is left behind. Knows
// nothing of what it is asked.
#pragma once

#include "base/clock.hpp"

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

namespace headway {

// What to start. Output and errors are read together.
struct QuickCommand {
  std::vector<std::string> argv;         // argv[0]: the path of the program
  std::vector<std::string> environment;  // "NAME=value"
  std::string directory = "/";
  std::string input{};  // what it reads on standard input; in memory alone, for this user alone
  std::size_t most_output = std::size_t{256} << 10;  // bytes; the rest is dropped
  Nanos patience = std::chrono::milliseconds(500);
  const std::atomic<bool>* stop = nullptr;  // once true the command is late at once; may be null
};

// How it ended. Plain value.
struct QuickAnswer {
  bool is_late = false;  // killed at the deadline
  int exit_code = -1;    // -1: ended by a signal, or nothing was started; 127: the program was not
  std::string output;    // the first `most_output` bytes
  bool is_cut = false;   // it printed more than that

  bool is_good() const noexcept { return !is_late && exit_code == 0; }
};

// Starts it in a process group of its own and waits, at most `patience`; then the whole group is
// killed. It dies with this thread. Where even SIGKILL does not end it (a process that waits for a
// dead disk) it is not waited for. Safe from any thread.
QuickAnswer run_quick_command(const QuickCommand& command);

// Whether that child of this process belongs to a quick command under way: who reaps orphans must
// leave it alone. Safe from any thread.
bool is_quick_command(pid_t pid);

}  // namespace headway
