// See child_start.hpp. Between clone(2) and execve(2) the child shares memory with this process:
// there it makes only system calls, takes no lock and touches nothing but ChildBlock and its own
// stack.
#include "execution/child_start.hpp"

#include "base/files.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEADWAY_NOT_INSTRUMENTED __attribute__((no_sanitize("address", "thread", "undefined")))
#elif defined(__clang__)
#define HEADWAY_NOT_INSTRUMENTED __attribute__((no_sanitize("address", "thread", "undefined")))
#else
#define HEADWAY_NOT_INSTRUMENTED
#endif

namespace headway {
namespace {

constexpr std::size_t kStackBytes = std::size_t{64} << 10;
constexpr int kSignals = 64;
constexpr std::size_t kKernelSetBytes = kSignals / 8;
constexpr int kNeverRan = 127;

// How far a child came that could not start its program.
enum class Step { directory, program };

// What both sides see. The child writes the last three alone.
struct ChildBlock {
  const char* program;
  char** argv;  // argv[-1] is "/bin/sh"
  char* const* environment;
  const char* directory;  // null: none
  int null;
  int output;
  int inherited[2];  // -1: nothing; an array without functions, which sanitizers instrument
  int groups[2];     // -1: nothing
  bool is_interactive;
  int terminal;  // -1: nothing
  pid_t parent;
  sigset_t ignored;
  int error = 0;
  Step step = Step::directory;
  bool is_in_groups = true;
};

// The default disposition for all of `ignored`, then an empty mask. Raw calls: the libraries of the
// sanitizers keep books about sigaction(3), and those would be the parent's.
HEADWAY_NOT_INSTRUMENTED void reset_signals(const sigset_t& ignored) {
  const std::array<unsigned long, 8> zero{};  // SIG_DFL, no flags, empty mask, in every layout
  for (int signal = 1; signal <= kSignals; ++signal) {
    if (sigismember(&ignored, signal) == 1) {
      syscall(SYS_rt_sigaction, signal, zero.data(), nullptr, kKernelSetBytes);
    }
  }
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, zero.data(), nullptr, kKernelSetBytes);
}

HEADWAY_NOT_INSTRUMENTED void execute(ChildBlock& block) {
  execve(block.program, block.argv, block.environment);
  if (errno == ENOEXEC) {
    block.argv[0] = const_cast<char*>(block.program);
    execve(block.argv[-1], block.argv - 1, block.environment);
  }
}

// A document may be on its way to a stdout that is no terminal.
HEADWAY_NOT_INSTRUMENTED void take_terminal(const ChildBlock& block) {
  if (isatty(STDOUT_FILENO) != 1) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  if (block.terminal >= 0) {
    // A group in the background would be stopped for that.
    const std::uint64_t stop = std::uint64_t{1} << (SIGTTOU - 1);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &stop, nullptr, kKernelSetBytes);
    tcsetpgrp(block.terminal, getpid());
  }
}

HEADWAY_NOT_INSTRUMENTED int run_child(void* argument) {
  ChildBlock& block = *static_cast<ChildBlock*>(argument);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != block.parent) {
    _exit(kNeverRan);  // it died before the line above
  }
  for (const int fd : block.groups) {
    if (fd >= 0 && write(fd, "0", 1) != 1) {
      block.is_in_groups = false;
    }
  }
  if (!block.is_interactive) {
    dup2(block.null, STDIN_FILENO);
    dup2(block.output, STDOUT_FILENO);
    dup2(block.output, STDERR_FILENO);
  } else {
    take_terminal(block);
  }
  for (const int fd : block.inherited) {
    if (fd >= 0) {
      fcntl(fd, F_SETFD, 0);  // the child's own table: no other child sees it
    }
  }
  if (block.directory == nullptr || chdir(block.directory) == 0) {
    block.step = Step::program;
    reset_signals(block.ignored);
    execute(block);
  }
  block.error = errno;
  _exit(kNeverRan);
}

sigset_t ignored_signals() {
  sigset_t ignored;
  sigemptyset(&ignored);
  for (int signal = 1; signal <= kSignals; ++signal) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
      sigaddset(&ignored, signal);
    }
  }
  return ignored;
}

Error start_error(const ChildSpec& spec, const ChildBlock& block) {
  if (block.step == Step::directory) {
    return {ErrorCode::io,
            fmt::format("start '{}': folder {}",
                        spec.argv.front(),
                        system_message(spec.directory, block.error)),
            "create the folder, or correct 'dir'"};
  }
  const bool is_missing = block.error == ENOENT || block.error == ENOTDIR;
  const char* next_step = is_missing ? "check the path, and the \"#!\" line of a script"
                          : block.error == EACCES ? "check that it may be executed"
                          : block.error == E2BIG  ? "shorten its arguments or environment"
                                                  : "";
  return {
      is_missing ? ErrorCode::not_found : ErrorCode::io,
      fmt::format("start '{}': {}", spec.argv.front(), system_message(spec.program, block.error)),
      next_step};
}

}  // namespace

Result<ChildStarter> ChildStarter::create(bool has_no_handlers) {
  ChildStarter starter;
  starter.has_no_handlers_ = has_no_handlers;
  const UniqueFd null(open("/dev/null", O_RDONLY | O_CLOEXEC));
  starter.null_.reset(null ? fcntl(null.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1);
  if (!starter.null_) {
    return Error{ErrorCode::io, "open " + system_message("/dev/null", errno), ""};
  }
  starter.stack_ = std::make_unique<std::byte[]>(kStackBytes);
  starter.ignored_ = ignored_signals();
  return starter;
}

Result<StartedChild> ChildStarter::start(const ChildSpec& spec) {
  static char shell[] = "/bin/sh";
  argv_.assign(1, static_cast<char*>(shell));
  for (const std::string& word : spec.argv) {
    argv_.push_back(const_cast<char*>(word.c_str()));
  }
  argv_.push_back(nullptr);
  ChildBlock block{spec.program.c_str(),
                   argv_.data() + 1,
                   spec.environment.data(),
                   spec.directory.empty() ? nullptr : spec.directory.c_str(),
                   null_.get(),
                   spec.output,
                   {spec.inherited[0], spec.inherited[1]},
                   {spec.groups[0], spec.groups[1]},
                   spec.is_interactive,
                   spec.terminal,
                   getpid(),
                   ignored_};
  // No handler of this process may run in the child while the memory is shared. (Between its empty
  // mask and execve(2) nobody can signal it: its group is its own, and its parent stands still.)
  sigset_t before;
  if (!has_no_handlers_) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
  }
  int pidfd = -1;
  const pid_t pid = clone(run_child,
                          stack_.get() + kStackBytes,
                          CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD,
                          &block,
                          &pidfd);
  const int clone_error = errno;
  if (!has_no_handlers_) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  if (pid < 0) {
    return Error{
        ErrorCode::io,
        fmt::format(
            "start '{}': {}", spec.argv.front(), system_message("a new process", clone_error)),
        "fewer jobs, or a higher limit of processes (ulimit -u)"};
  }
  StartedChild child{pid, UniqueFd(pidfd), block.is_in_groups};
  if (block.error != 0) {
    while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return start_error(spec, block);
  }
  return child;
}

}  // namespace headway
