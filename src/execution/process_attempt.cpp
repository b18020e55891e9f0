// See process_attempt.hpp.
#include "execution/process_attempt.hpp"

#include <sys/wait.h>

#include <csignal>

namespace headway {

void ProcessAttempt::terminate(Nanos now) {
  ::kill(-pid, SIGTERM);
  ::kill(-pid, SIGCONT);  // a stopped group would not see it
  go_on(now);
}

void ProcessAttempt::kill() const {
  ::kill(-pid, SIGKILL);
  if (group) {
    group->kill();
  }
}

void ProcessAttempt::stop(Nanos now) {
  if (stopped_at) {
    return;
  }
  is_frozen = group && group->freeze(true);
  if (is_frozen || ::kill(-pid, SIGSTOP) == 0) {
    stopped_at = now;
  }
}

void ProcessAttempt::go_on(Nanos now) {
  if (stopped_at && (is_frozen ? group->freeze(false) : ::kill(-pid, SIGCONT) == 0)) {
    stopped_for += now - *stopped_at;
    stopped_at.reset();
  }
}

void ProcessAttempt::follow_stop(const Clock& clock) {
  siginfo_t info{};
  if (terminal == nullptr || stopped_at ||
      ::waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WNOHANG) != 0 || info.si_pid == 0) {
    return;
  }
  is_frozen = false;
  stopped_at = clock.monotonic();
  terminal->stop_with(pid);
  go_on(clock.monotonic());
}

void ProcessAttempt::keep_end(pid_t reaped, int status, Nanos now) {
  exit.task = task;
  exit.attempt = number;
  exit.duration = ran_for(now);
  if (reaped < 0) {
    exit.exit_code = 127;
    exit.error = "its exit status was taken by another wait in this process";
  } else if (reaped == 0) {
    exit.signal = SIGKILL;
    exit.exit_code = 128 + SIGKILL;
    exit.error = "it was killed and does not end: the kernel holds it";
  } else {
    exit.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    exit.exit_code = exit.signal != 0 ? 128 + exit.signal : WEXITSTATUS(status);
  }
}

Nanos ProcessAttempt::ran_for(Nanos now) const {
  return now - started - stopped_for - (stopped_at ? now - *stopped_at : Nanos{});
}

}  // namespace headway
