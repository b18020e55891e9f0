// FakeBackend: attempts that "run" on a clock moved by hand. For tests of everything above the
// Backend seam.
#pragma once

#include "execution/backend.hpp"

#include <algorithm>
#include <csignal>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headway {

// How one attempt goes.
struct FakeAttempt {
  Nanos duration = std::chrono::seconds(1);
  int exit_code = 0;
  int signal = 0;
  bool ignores_sigterm = false;
  std::int64_t memory_bytes = 0;
  std::optional<std::int64_t> oom_kills{};  // in its control group; empty: it has none
  std::optional<Error> start_error{};
};

// Something that comes from outside at a point of time.
struct FakeWakeup {
  Nanos at{};
  int signal = 0;
};

// Attempts by the stage's program name (argv[0] of the launch); wait() moves the clock to the next
// thing that happens.
class FakeBackend final : public Backend {
 public:
  // `move_to` sets the clock to a point that is not before its present one.
  FakeBackend(const Clock& clock, std::function<void(Nanos)> move_to)
      : clock_(clock), move_to_(std::move(move_to)), begin_(clock.monotonic()) {}

  // The attempts of that program, in order; the last one is repeated.
  void script(const std::string& program, std::vector<FakeAttempt> attempts) {
    scripts_[program] = std::move(attempts);
  }
  // A signal at `at` after the backend was made.
  void wake(Nanos at, int signal) { wakeups_.push_back({begin_ + at, signal}); }

  Result<int> start(const Launch& launch) override {
    const FakeAttempt attempt = next_attempt(launch.argv.at(0));
    launches.push_back(launch);
    environments.push_back(*launch.environment);
    if (attempt.start_error) {
      return *attempt.start_error;
    }
    running_[launch.task] = {
        launch, attempt, clock_.monotonic(), clock_.monotonic() + attempt.duration};
    running_max = std::max(running_max, running_.size());
    return 1000 + static_cast<int>(launches.size());
  }

  void terminate(int task) override {
    terminated.push_back(task);
    if (auto at = running_.find(task);
        at != running_.end() && !at->second.attempt.ignores_sigterm) {
      end_now(at->second, SIGTERM);
    }
  }

  void kill(int task) override {
    killed.push_back(task);
    if (auto at = running_.find(task); at != running_.end()) {
      end_now(at->second, SIGKILL);
    }
  }

  void wait(std::optional<Nanos> until,
            std::vector<Exit>& exits,
            std::vector<Wakeup>& wakeups) override {
    Nanos next = until.value_or(Nanos::max());
    for (const auto& [task, run] : running_) {
      next = std::min(next, run.end);
    }
    for (const FakeWakeup& wakeup : wakeups_) {
      next = std::min(next, wakeup.at);
    }
    if (next > clock_.monotonic()) {
      move_to_(next);
    }
    collect(exits);
    for (auto at = wakeups_.begin(); at != wakeups_.end();) {
      if (at->at <= clock_.monotonic()) {
        wakeups.push_back({at->signal});
        at = wakeups_.erase(at);
      } else {
        ++at;
      }
    }
  }

  void stop(int task) override {
    stopped.push_back(task);
    if (auto at = running_.find(task); at != running_.end()) {
      at->second.left = at->second.end - clock_.monotonic();
      at->second.end = Nanos::max();
    }
  }
  void go_on(int task) override {
    continued.push_back(task);
    if (auto at = running_.find(task); at != running_.end() && at->second.left) {
      at->second.end = clock_.monotonic() + *at->second.left;
      at->second.begin = at->second.end - at->second.attempt.duration;
      at->second.left.reset();
    }
  }
  std::int64_t memory_bytes(int task) const override {
    const auto at = running_.find(task);
    return at == running_.end() ? 0 : at->second.attempt.memory_bytes;
  }

  std::int64_t output_bytes(int /*task*/) const override { return 0; }

  int kill_everything() override {
    for (auto& [task, run] : running_) {
      run.begin = run.left ? clock_.monotonic() - (run.attempt.duration - *run.left) : run.begin;
      end_now(run, SIGKILL);
    }
    return static_cast<int>(running_.size());
  }

  std::vector<Launch> launches;  // `environment` pointers are stale: see environments
  std::vector<std::vector<std::string>> environments;
  std::vector<int> terminated, killed, stopped, continued;
  std::size_t running_max = 0;

 private:
  struct Running {
    Launch launch;
    FakeAttempt attempt;
    Nanos begin{}, end{};
    std::optional<Nanos> left{};  // of a stopped one
  };

  FakeAttempt next_attempt(const std::string& program) {
    auto at = scripts_.find(program);
    if (at == scripts_.end() || at->second.empty()) {
      return {};
    }
    FakeAttempt attempt = at->second.front();
    if (at->second.size() > 1) {
      at->second.erase(at->second.begin());
    }
    return attempt;
  }

  void end_now(Running& run, int signal) const {
    run.end = clock_.monotonic();
    run.attempt.signal = signal;
    run.attempt.exit_code = 128 + signal;
  }

  void collect(std::vector<Exit>& exits) {
    for (auto at = running_.begin(); at != running_.end();) {
      if (at->second.end > clock_.monotonic()) {
        ++at;
        continue;
      }
      Exit exit;
      exit.task = at->first;
      exit.attempt = at->second.launch.attempt;
      exit.exit_code = at->second.attempt.exit_code;
      exit.signal = at->second.attempt.signal;
      exit.duration = at->second.end - at->second.begin;
      exit.oom_kills = at->second.attempt.oom_kills;
      exits.push_back(std::move(exit));
      at = running_.erase(at);
    }
  }

  const Clock& clock_;
  std::function<void(Nanos)> move_to_;
  Nanos begin_;
  std::map<std::string, std::vector<FakeAttempt>> scripts_;
  std::vector<FakeWakeup> wakeups_;
  std::map<int, Running> running_;
};

}  // namespace headway
