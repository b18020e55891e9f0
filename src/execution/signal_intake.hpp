// SignalIntake: the signals that end a run, read from a descriptor instead of caught by handlers.
// For a process of Headway's own only.
#pragma once

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "execution/backend.hpp"
#include "execution/signal_echo.hpp"
#include "headway/result.hpp"

#include <csignal>
#include <memory>
#include <vector>

namespace headway {

// SIGINT, SIGTERM, SIGHUP and the watcher's death signal, blocked in the calling thread while it
// lives (threads started later inherit that; earlier ones must block them themselves, as
// run_watched() does for its worker).
class SignalIntake {
 public:
  static Result<std::unique_ptr<SignalIntake>> create();
  // What has come and was not read is dropped; the mask of before holds again.
  ~SignalIntake();
  SignalIntake(const SignalIntake&) = delete;
  SignalIntake& operator=(const SignalIntake&) = delete;

  // Readable when a signal waits.
  int fd() const noexcept { return fd_.get(); }
  // Takes all that wait; echoes are dropped.
  void read_all(Nanos now, std::vector<Wakeup>& wakeups);

 private:
  SignalIntake() = default;

  UniqueFd fd_;
  sigset_t before_{};
  SignalEcho echo_;
};

}  // namespace headway
