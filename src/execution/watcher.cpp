// See watcher.hpp and docs/design/processes.md.
#include "execution/watcher.hpp"

#include "base/files.hpp"
#include "base/unique_fd.hpp"
#include "host/process_table.hpp"
#include "host/run_cgroup.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace headway {
namespace {

constexpr int kInternalFault = 70;
// On the line to the watcher: a folder and a newline for each announcement, this alone for "came
// back from its work".
constexpr char kCameBack = '\0';

// What the worker said before it ended.
struct LastWords {
  std::string run_folder;
  bool came_back = false;
};

// How the worker ended.
struct WorkerEnd {
  int exit_code = 0;
  int signal = 0;  // 0: it exited
};

LastWords read_last_words(int fd) {
  std::string text;
  std::array<char, 4096> buffer{};
  ssize_t got = 0;
  while ((got = read(fd, buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  LastWords words;
  words.came_back = !text.empty() && text.back() == kCameBack;
  text.resize(std::min(text.find(kCameBack), text.size()));
  if (!text.empty() && text.back() == '\n') {
    text.pop_back();
    const std::size_t before = text.rfind('\n');
    words.run_folder = before == std::string::npos ? text : text.substr(before + 1);
  }
  return words;
}

// Faults of ours are 70; what somebody did to the worker is told as a shell tells it.
int exit_code_of(const WorkerEnd& end) {
  switch (end.signal) {
    case 0:
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGSEGV:
    case SIGSYS:
    case SIGTRAP:
      return kInternalFault;
    default:
      return 128 + end.signal;
  }
}

// Of two signals that one sender sends within this time the second is the same request
// (timeout(1) signals its child, then the whole group).
constexpr std::chrono::milliseconds kEcho(200);

// Decides which signals the worker must be told of, because it has not got them itself.
class SignalRelay {
 public:
  explicit SignalRelay(pid_t worker) : worker_(worker) {}

  void relay(const siginfo_t& info) {
    const auto now = std::chrono::steady_clock::now();
    const bool is_echo =
        info.si_signo == last_signal_ && info.si_pid == last_sender_ && now - last_at_ < kEcho;
    if (is_from_terminal(info) || is_echo) {
      return;
    }
    last_signal_ = info.si_signo;
    last_sender_ = info.si_pid;
    last_at_ = now;
    kill(worker_, info.si_signo);
  }

 private:
  // A key at the terminal reaches the whole foreground group, the worker with it. A hang-up reaches
  // the session's leader alone, if that is us.
  static bool is_from_terminal(const siginfo_t& info) {
    return info.si_code == SI_KERNEL && !(info.si_signo == SIGHUP && getsid(0) == getpid());
  }

  pid_t worker_;
  int last_signal_ = 0;
  pid_t last_sender_ = 0;
  std::chrono::steady_clock::time_point last_at_;
};

sigset_t watcher_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
    sigaddset(&signals, signal);
  }
  return signals;
}

sigset_t united(const sigset_t& one, const sigset_t& other) {
  sigset_t both;
  sigorset(&both, &one, &other);
  return both;
}

// Until the worker has ended. Signals are relayed meanwhile.
WorkerEnd watch_worker(pid_t worker) {
  const sigset_t signals = watcher_signals();
  SignalRelay relay(worker);
  int status = 0;
  while (waitpid(worker, &status, WNOHANG) != worker) {
    siginfo_t info{};
    if (sigwaitinfo(&signals, &info) > 0 && info.si_signo != SIGCHLD) {
      relay.relay(info);
    }
  }
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 0, WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

// The worker's life. Never returns.
[[noreturn]] void be_worker(const std::function<int(WatcherLink)>& work, pid_t watcher, int line) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, watcher_death_signal());
  if (getppid() != watcher) {
    kill(getpid(), watcher_death_signal());  // it died before the line above
  }
  const int exit_code = work(WatcherLink(line));
  std::ignore = write(line, &kCameBack, 1);
  std::exit(exit_code);
}

}  // namespace

int watcher_death_signal() {
  return SIGRTMIN + 7;
}

sigset_t worker_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, watcher_death_signal()}) {
    sigaddset(&signals, signal);
  }
  return signals;
}

void WatcherLink::announce(const std::string& run_folder) const {
  std::ignore = write_all(fd_, run_folder + "\n");
}

int run_watched(const std::function<int(WatcherLink)>& work,
                const std::function<void(const std::string& run_folder, int signal)>& on_death) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal(SIGCHLD, SIG_DFL);  // a parent may have left it ignored, and then nobody can be waited for
  std::array<int, 2> line{};
  if (pipe2(line.data(), O_CLOEXEC) != 0) {
    std::fprintf(stderr, "headway: failed to open %s\n", system_message("a pipe", errno).c_str());
    return kInternalFault;
  }
  UniqueFd reader(line[0]);
  UniqueFd writer(line[1]);
  fcntl(
      reader.get(), F_SETFL, O_NONBLOCK);  // a process that cannot be killed may hold the other end
  // Blocked before the fork: nothing that comes in between is lost, in either process.
  const sigset_t for_watcher = watcher_signals();
  sigset_t before;
  sigprocmask(SIG_BLOCK, &for_watcher, &before);
  std::fflush(nullptr);  // or both would write what is in the buffers
  const pid_t watcher = getpid();
  const pid_t worker = fork();
  if (worker == 0) {
    reader.reset();
    // In one step: what has come since the fork stays waiting.
    const sigset_t blocked = united(before, worker_signals());
    sigprocmask(SIG_SETMASK, &blocked, nullptr);
    be_worker(work, watcher, writer.get());
  }
  if (worker < 0) {
    std::fprintf(
        stderr, "headway: failed to start %s\n", system_message("a worker", errno).c_str());
    sigprocmask(SIG_SETMASK, &before, nullptr);
    return kInternalFault;
  }
  writer.reset();
  const WorkerEnd end = watch_worker(worker);
  kill_descendants();
  const LastWords words = read_last_words(reader.get());
  if (end.signal == 0 && words.came_back) {
    // Signals stay blocked: one that comes after the end must not make another end of it.
    return end.exit_code;
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
  remove_run_cgroups("", worker);
  on_death(words.run_folder, end.signal);
  return exit_code_of(end);
}

}  // namespace headway
