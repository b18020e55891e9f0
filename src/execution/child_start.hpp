// ChildStarter: one child process, started the vfork way: it borrows this process's memory until it
// executes its program, so that a start costs the same however large this process is.
// Knows nothing of output, tasks or ends.
#pragma once

#include "base/unique_fd.hpp"
#include "headway/result.hpp"

#include <sys/types.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace headway {

// What to start. Everything must live during start().
struct ChildSpec {
  const std::vector<std::string>& argv;   // not empty; argv[0] is what the program is told
  const std::string& program;             // the file; relative to `directory` where not absolute
  const std::string& directory;           // absolute; "": stays where this process is
  const std::vector<char*>& environment;  // ends with a null pointer
  int output = -1;                        // what its stdout and stderr become; at least 3
  std::array<int, 2> inherited = {-1,
                                  -1};  // kept open under their numbers, at least 3; -1: nothing
  // Files of control groups that it enters before its program starts ("cgroup.procs"); -1: none
  std::array<int, 2> groups = {-1, -1};
  bool is_interactive = false;  // keeps stdin, and instead of `output` this process's stderr;
                                // stdout too where that is a terminal
  int terminal = -1;            // whose foreground its process group becomes; -1: none
};

// A child that runs its program.
struct StartedChild {
  pid_t pid = 0;
  UniqueFd pidfd;
  bool is_in_groups = true;  // false: the kernel did not let it into all that were named
};

// Starts children. Single-threaded; all fds of this process must be close-on-exec.
//
// The child leads a process group of its own, has /dev/null as stdin, an empty signal mask and
// default signal dispositions, and dies with the thread that started it (PR_SET_PDEATHSIG; a
// set-uid program loses that). A script without "#!" is given to /bin/sh, as execvp(3) does.
class ChildStarter {
 public:
  // Reads, once, which signals this process ignores: 62 calls, 7 us, too much for every start.
  // `has_no_handlers`: this process has no signal handler and will have none (Headway's worker), so
  // that none can run in a child while the memory is shared; else signals are held back meanwhile.
  static Result<ChildStarter> create(bool has_no_handlers = false);

  // Errors name the program or the folder: not_found, io (not executable, folder missing, no room).
  Result<StartedChild> start(const ChildSpec& spec);

 private:
  ChildStarter() = default;

  UniqueFd null_;
  std::unique_ptr<std::byte[]> stack_;
  std::vector<char*> argv_;
  bool has_no_handlers_ = false;
  sigset_t ignored_{};  // what a child must not inherit; handlers are gone with execve(2) anyway
};

}  // namespace headway
