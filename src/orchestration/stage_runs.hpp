// StageRuns: the pure part of a run inside a program. Attempts that ended and the time in; attempts
// to begin, to stop or to kill, results and events out. Starts nothing, reads no clock, knows no
// threads.
#pragma once

#include "base/clock.hpp"
#include "execution/attempt_end.hpp"
#include "model/run_event.hpp"
#include "orchestration/event_emitter.hpp"
#include "orchestration/parallel_plan.hpp"
#include "scheduling/scheduler.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// An attempt, by the position of its stage in the plan.
struct AttemptId {
  int task = 0;
  int attempt = 1;
};

// What is to be done, in this order.
struct StageWork {
  std::vector<int> stops;         // tell the running attempt of that task to stop
  std::vector<int> kills;         // its grace is over: kill it, or give it up
  std::vector<AttemptId> starts;  // begin, the most urgent first

  void clear() noexcept {
    stops.clear();
    kills.clear();
    starts.clear();
  }
};

// One run. The scheduler decides; this keeps the books. Times are on the run's own axis and never
// go back. Values are not its business: to move one may run the code of others. Not synchronised.
class StageRuns {
 public:
  // Fills plan.results but for `result`; writes to no other part of the plan, which must outlive
  // this. `emitter` (may be null, must outlive this) is told of everything but the run's own begin
  // and end.
  StageRuns(ParallelPlan& plan, const SchedulerLimits& limits, EventEmitter* emitter);

  // Everything that is due: first starts, timeouts, retries, ends of grace. Appends to `work`.
  void advance(Nanos now, StageWork& work);
  // The running attempt of that task ended. The exception of an earlier attempt comes back in
  // `end`, so that the caller destroys it where it likes.
  void ended(int task, AttemptEnd& end, Nanos now, StageWork& work);
  // The running attempt of that task can be neither killed nor waited for any longer: its stage is
  // settled as what it was told to stop for, without a retry. Its end must not be told any more.
  void give_up(int task, Nanos now, StageWork& work);
  // Nothing new starts, what runs is told to stop. The second call does nothing.
  void cancel(Nanos now, StageWork& work);

  // When advance() has something to do though nothing ends.
  std::optional<Nanos> next_deadline() const { return scheduler_.next_deadline(); }
  bool done() const noexcept { return scheduler_.done(); }
  bool was_cancelled() const noexcept { return was_cancelled_; }
  bool all_succeeded() const noexcept { return all_succeeded_; }
  bool gave_up() const noexcept { return gave_up_; }

 private:
  // What the scheduler does not keep of a stage's times.
  struct Times {
    Nanos ready{};
    Nanos attempt_started{};
    FailureKind failure = FailureKind::none;  // of the last attempt that ended
    Action::Reason told_to_end = Action::Reason::none;
    int exit_code = 0;
    int signal = 0;
    StageUsage usage{};
  };

  Times& times_of(int task) { return times_[static_cast<std::size_t>(task)]; }
  StageExecutionResult& result_of(int task) {
    return plan_.results[static_cast<std::size_t>(task)];
  }
  void perform_all(Nanos now, StageWork& work);
  void perform(const Action& action, Nanos now, StageWork& work);
  void start(const Action& action, Nanos now, StageWork& work);
  void keep(int task, AttemptEnd& end, Nanos now);
  std::string failure_reason(int task) const;
  void settled(int task);
  void skipped(const Action& action);
  void tell_finished(int task);
  template <typename Body>
  void tell(Body body);

  ParallelPlan& plan_;
  EventEmitter* emitter_;
  Scheduler scheduler_;
  std::vector<Times> times_;
  std::vector<Action> actions_;  // still to be performed
  bool all_succeeded_ = true;
  bool was_cancelled_ = false;
  bool gave_up_ = false;
};

}  // namespace headway
