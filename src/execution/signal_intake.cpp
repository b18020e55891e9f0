// See signal_intake.hpp.
#include "execution/signal_intake.hpp"

#include "base/files.hpp"
#include "execution/watcher.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

namespace headway {

Result<std::unique_ptr<SignalIntake>> SignalIntake::create() {
  std::unique_ptr<SignalIntake> intake(new SignalIntake());
  const sigset_t taken = worker_signals();
  pthread_sigmask(SIG_BLOCK, &taken, &intake->before_);
  intake->fd_.reset(signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!intake->fd_) {
    return Error{ErrorCode::io, "open " + system_message("a signalfd", errno), ""};
  }
  return intake;
}

SignalIntake::~SignalIntake() {
  if (fd_) {
    std::vector<Wakeup> dropped;
    read_all(Nanos{}, dropped);
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void SignalIntake::read_all(Nanos now, std::vector<Wakeup>& wakeups) {
  signalfd_siginfo info{};
  while (read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    const int signal = static_cast<int>(info.ssi_signo);
    const auto sender = static_cast<pid_t>(info.ssi_pid);
    if (signal == watcher_death_signal()) {
      wakeups.push_back({kWatcherDied});
    } else if (echo_.is_new({signal, sender, sender == getppid(), now})) {
      wakeups.push_back({signal});
    }
  }
}

}  // namespace headway
