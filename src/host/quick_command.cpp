// See quick_command.hpp. A plain fork, not a vfork: the parent must not hang where the program's
// file lies on a dead mount.
#include "host/quick_command.hpp"

#include "base/mutex.hpp"
#include "base/unique_fd.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <set>

namespace headway {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr int kStartFailed = 127;
constexpr int kReapPollMs = 5;
constexpr std::size_t kPipeBytes = std::size_t{64} << 10;  // what one holds (pipe(7))
// How long a killed process may take to go.
constexpr int kMostReapPolls = 10;

// The children that are waited for here.
struct Children {
  Mutex mutex;
  std::set<pid_t> pids HEADWAY_GUARDED_BY(mutex);
};

Children& children() {
  static Children all;
  return all;
}

// A fork that nobody takes for an orphan: it is on the list before anybody can look.
pid_t fork_listed() {
  Children& all = children();
  const MutexLock lock(all.mutex);
  const pid_t pid = ::fork();
  if (pid > 0) {
    all.pids.insert(pid);
  }
  return pid;
}

void unlist(pid_t pid) {
  Children& all = children();
  const MutexLock lock(all.mutex);
  all.pids.erase(pid);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    all.push_back(const_cast<char*>(text.c_str()));
  }
  all.push_back(nullptr);
  return all;
}

// In the child, after fork in a process with threads: nothing but system calls.
[[noreturn]] void become(const QuickCommand& command,
                         pid_t parent,
                         const std::array<char* const*, 2>& words,
                         const std::array<int, 2>& streams) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) {
    ::_exit(kStartFailed);  // it died before that was said
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(streams[0], STDIN_FILENO);
  ::dup2(streams[1], STDOUT_FILENO);
  ::dup2(streams[1], STDERR_FILENO);
  if (::chdir(command.directory.c_str()) == 0) {
    ::execve(words[0][0], words[0], words[1]);
  }
  ::_exit(kStartFailed);
}

// What it will read: nothing, or a file without a name. Invalid where there is no room for it.
UniqueFd open_input(const std::string& input) {
  if (input.empty()) {
    return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  }
  UniqueFd file(::memfd_create("input", MFD_CLOEXEC));
  std::size_t written = 0;
  while (file && written < input.size()) {
    const ssize_t count = ::write(file.get(), input.data() + written, input.size() - written);
    if (count <= 0) {
      return UniqueFd();
    }
    written += static_cast<std::size_t>(count);
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

int milliseconds_until(SteadyTime end) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

// Takes what a pipe holds and no more, without waiting: who prints faster than is read here would
// never let it end. False at the end of the output.
bool drain(int fd, std::size_t most, QuickAnswer& answer) {
  std::array<char, kPipeBytes> buffer;  // NOLINT: not filled for nothing
  const ssize_t count = ::read(fd, buffer.data(), buffer.size());
  if (count <= 0) {
    return count < 0 && (errno == EAGAIN || errno == EINTR);
  }
  const auto got = static_cast<std::size_t>(count);
  const std::size_t room = most - answer.output.size();
  answer.output.append(buffer.data(), std::min(room, got));
  answer.is_cut = answer.is_cut || got > room;
  return true;
}

void keep_status(int status, QuickAnswer& answer) {
  if (WIFEXITED(status)) {
    answer.exit_code = WEXITSTATUS(status);
  }
}

bool is_told_to_stop(const QuickCommand& command) {
  return command.stop != nullptr && command.stop->load(std::memory_order_relaxed);
}

// Reads until the process has ended (what it left in the background may keep the pipe open), or the
// deadline.
void attend(const QuickCommand& command, pid_t pid, int fd, SteadyTime end, QuickAnswer& answer) {
  bool is_open = true;
  for (;;) {
    int status = 0;
    const pid_t reaped = ::waitpid(pid, &status, WNOHANG);
    if (reaped == pid || (reaped < 0 && errno == ECHILD)) {
      drain(fd, command.most_output, answer);
      if (reaped == pid) {
        keep_status(status, answer);
      }
      return;
    }
    const int left = milliseconds_until(end);
    if (left == 0 || is_told_to_stop(command)) {
      answer.is_late = true;
      return;
    }
    // (once the pipe is closed only the end of the process is waited for)
    pollfd wanted{is_open ? fd : -1, POLLIN, 0};
    if (::poll(&wanted, 1, std::min(left, kReapPollMs)) > 0) {
      is_open = drain(fd, command.most_output, answer);
    }
  }
}

}  // namespace

QuickAnswer run_quick_command(const QuickCommand& command) {
  QuickAnswer answer;
  const SteadyTime end = std::chrono::steady_clock::now() + command.patience;
  std::array<int, 2> ends{};
  const UniqueFd input = open_input(command.input);
  if (command.argv.empty() || !input || ::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    return answer;
  }
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  // The child writes as programs do: waiting.
  ::fcntl(write_end.get(), F_SETFL, 0);
  const std::vector<char*> argv = pointers(command.argv);
  const std::vector<char*> environment = pointers(command.environment);
  const pid_t parent = ::getpid();
  const pid_t pid = fork_listed();
  if (pid == 0) {
    become(command, parent, {argv.data(), environment.data()}, {input.get(), write_end.get()});
  }
  write_end.reset();
  if (pid < 0) {
    return answer;
  }
  ::setpgid(pid, pid);
  attend(command, pid, read_end.get(), end, answer);
  ::kill(-pid, SIGKILL);
  for (int poll = 0; answer.is_late && poll < kMostReapPolls; ++poll) {
    if (::waitpid(pid, nullptr, WNOHANG) == pid) {
      break;
    }
    ::poll(nullptr, 0, kReapPollMs);
  }
  unlist(pid);
  return answer;
}

bool is_quick_command(pid_t pid) {
  Children& all = children();
  const MutexLock lock(all.mutex);
  return all.pids.count(pid) > 0;
}

}  // namespace headway
