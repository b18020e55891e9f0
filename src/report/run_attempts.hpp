// RunAttempts: the fold of events that keeps every attempt and sample of a run, where RunState
// keeps how it stands. Traces are made of it. Pure.
#pragma once

#include "record/run_state.hpp"

#include <vector>

namespace headway {

// One attempt of a stage. Times are elapsed since the start of the run.
struct RunAttempt {
  int stage = 0;  // position in the plan
  int attempt = 1;
  int slot = 0;
  int pid = 0;
  Nanos started{};
  Nanos ended{};  // where it has ended
  bool is_under_way = true;
  StageStatus status = StageStatus::running;  // failed also where another attempt followed
  FailureKind failure = FailureKind::none;
  int exit_code = 0;
  int signal = 0;
  std::string reason;  // in words, where it did not simply succeed
};

// What the machine did at a time.
struct RunSample {
  Nanos at{};
  double cpu_busy = 0;  // CPUs
  std::int64_t memory_available_bytes = 0;
  int running = 0;
};

// Not synchronised.
class RunAttempts {
 public:
  void apply(const RunEvent& event);

  const RunState& state() const noexcept { return state_; }
  // Of one under way: of the newest event.
  Nanos end_of(const RunAttempt& attempt) const noexcept {
    return attempt.is_under_way ? state_.elapsed : attempt.ended;
  }
  // In the order of their starts.
  const std::vector<RunAttempt>& attempts() const noexcept { return attempts_; }
  const std::vector<RunSample>& samples() const noexcept { return samples_; }

 private:
  RunAttempt* open_attempt(int stage);

  RunState state_;
  std::vector<RunAttempt> attempts_;
  std::vector<RunSample> samples_;
  std::vector<int> newest_;  // by stage: its newest attempt in attempts_, or -1
};

}  // namespace headway
