// StageStory: the fold of a run's events that tells why one stage ran, waited, was skipped or ran
// again. Pure: reads no file and no clock.
#pragma once

#include "model/run_event.hpp"
#include "model/workflow.hpp"
#include "record/run_state.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Something that a stage waited for. Spelled in JSON as written.
enum class WaitKind {
  needs,  // stages that it needs
  slot,   // as many stages ran as may at once
  lock,   // another stage held a lock that it wants
  room,   // CPUs, memory, a lock of another run, or the look at its inputs: the events do not say
};

std::string_view to_string(WaitKind kind) noexcept;

// For how long, and for whom.
struct StageWait {
  WaitKind kind = WaitKind::needs;
  Nanos span{};
  std::vector<std::string> stages;  // that were waited for, kMaxNamed at most
  static constexpr std::size_t kMaxNamed = 5;
};

// What the events of one run tell of one stage. Built by apply() alone.
class StageStory {
 public:
  explicit StageStory(std::string key) : key_(std::move(key)) {}

  void apply(const RunEvent& event);
  // The run never finished and nobody holds it.
  void mark_interrupted() { headway::mark_interrupted(state_); }

  const RunState& state() const noexcept { return state_; }
  // Null where the run's plan does not have it.
  const StageState* stage() const noexcept;
  // Why the plan does not have it; nothing where the workflow did not have it then.
  std::optional<std::string> left_out() const;
  // In the order of time, none shorter than a millisecond. `workflow`, where given, knows the
  // locks.
  std::vector<StageWait> waits(const Workflow* workflow) const;
  // Attempts that were repeated.
  const std::vector<StageRetrying>& retries() const noexcept { return retries_; }

 private:
  StageWait wait_for_needs() const;
  StageWait wait_for_locks(const Workflow& workflow, Nanos until) const;
  std::vector<std::string> running_now() const;

  std::string key_;
  RunState state_;
  int position_ = -1;
  std::optional<Nanos> ready_;
  std::optional<Nanos> began_;
  Nanos full_{};                      // between the two: every slot was taken
  std::vector<std::string> holders_;  // who ran when it could have
  std::vector<StageRetrying> retries_;
};

}  // namespace headway
