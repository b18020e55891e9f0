// See process_attempt.hpp.
#include "execution/process_attempt.hpp"

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

Nanos ProcessAttempt::ran_for(Nanos now) const {
  return now - started - stopped_for - (stopped_at ? now - *stopped_at : Nanos{});
}

}  // namespace headway
