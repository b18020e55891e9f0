// StageRuns: the books of a run, for whatever drives it. Attempts that ended and the time in;
// attempts to begin, to stop or to kill, and events out. Starts nothing, reads no clock, knows no
// processes and no threads.
#pragma once

#include "base/clock.hpp"
#include "execution/backend.hpp"
#include "model/run_event.hpp"
#include "model/workflow.hpp"
#include "orchestration/attempt_verdict.hpp"
#include "orchestration/event_emitter.hpp"
#include "scheduling/scheduler.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The stages of a run. A task is the position of a stage.
struct StageList {
  CsrGraph graph;
  TaskNeedsList needs;
  SchedulerLimits limits;
  std::function<std::string(int task)> title;  // as reasons name it: "'build'"
  // What is worth a retry; empty: any failure.
  std::function<const RetryRule*(int task)> retry_rule{};
};

// What the driver is to do.
struct StageOrder {
  enum class Kind : std::uint8_t {
    begin,  // this attempt; answered by began() (and ended(), where that failed), refused() or
            // done_already() or held(), before the next order is asked for
    stop,   // tell the running attempt to end
    kill,   // its grace is over: kill it, or give it up
    drop,   // what each_start() told of it will not be ordered: it ended before it began
  };
  Kind kind{};
  int task = 0;
  int attempt = 1;
  int slot = 0;
};

// The end of an attempt that could not be started, with the exit code that a shell would give.
Exit failed_start(const StageOrder& order, const Error& error);

// Where an attempt runs; nothing of it is known of a callable.
struct AttemptPlace {
  int pid = 0;
  std::string log{};                          // relative to the run's folder
  std::shared_ptr<const StageCause> cause{};  // of a first attempt, where inputs are declared
};

// Why a stage need not begin.
struct DoneAlready {
  StageStatus status =
      StageStatus::skipped;  // skipped, or completed (in the run that goes on here)
  std::string reason;        // in words: "up to date", ...
  bool up_to_date = false;   // nothing has changed since it last succeeded
  Nanos saved{};             // what it took then
};

// What the books say of one stage.
struct StageRecord {
  StageStatus status = StageStatus::pending;  // between two attempts: running
  FailureKind failure = FailureKind::none;    // of the last attempt that ended
  EndedBy ended_by = EndedBy::nobody;         // why the newest attempt was told to end
  bool is_doomed = false;                     // it was told so before it began
  bool is_held = false;                       // it has its turn, and waits to begin
  int attempts = 0;                           // that began
  int exit_code = 0;                          // of the last one that ended
  int signal = 0;
  Nanos ready{};        // all it needs was done
  Nanos first_began{};  // its first attempt; `ready` before
  Nanos began{};        // its newest attempt
  Nanos took{};         // the last one that ended
  std::string reason{};
};

// One run. The scheduler decides, the driver does, this keeps the books and tells the events of
// stages. The order of calls: advance(), ended(), give_up(), cancel() at any time; then next()
// until it says nothing, before the next advance(). Times are on the run's own axis and never go
// back. Not synchronised.
class StageRuns {
 public:
  // `emitter` (may be null, must outlive this) is told of all that happens to stages, and of
  // cancels.
  StageRuns(StageList stages, EventEmitter* emitter);

  // Everything that is due: first starts, timeouts, retries, ends of grace.
  void advance(Nanos now);
  // What is to be done now; nothing: all that could be said was done. Tells the events that come
  // before it.
  std::optional<StageOrder> next();
  // The tasks whose begin is still to be ordered since the last advance().
  template <typename Tell>
  void each_start(Tell tell) const {
    for (std::size_t i = batch_at_; i < batch_.size(); ++i) {
      if (batch_[i].kind == Action::Kind::start) {
        tell(batch_[i].task);
      }
    }
  }

  // Answers to an order to begin. It began (or was tried to) at `at`.
  void began(const StageOrder& order, Nanos at, AttemptPlace place);
  // Somebody outside this run holds that lock: it will be ordered again when
  // Scheduler::set_lock_elsewhere() says that it is free.
  void refused(const StageOrder& order, int lock, Nanos now);
  // To the order of a first attempt, or of what is held since: nothing of it runs, and it counts as
  // success.
  void done_already(const StageOrder& order, DoneAlready done, Nanos now);
  // To any order to begin: something is looked at before it does. It keeps its turn,
  // and began(), done_already() or not_begun() answers later; an order to stop may come meanwhile.
  void held(const StageOrder& order, Nanos now);
  // What was held does not begin: a hook refused it, in words, or it was told to end (empty).
  void not_begun(int task, std::string refusal, Nanos now);

  // The running attempt of exit.task ended.
  void ended(const Exit& exit, const EndSigns& signs, Nanos now);
  // The running attempt of that task can be neither killed nor waited for any longer: what it holds
  // counts as free and its stage is settled as what it was told to stop for, without a retry, for
  // then two attempts would run at once. Its end must not be told any more.
  void give_up(int task, Nanos now);
  // Nothing new starts, what runs is told to stop (`how.immediate`: is killed).
  void cancel(RunCancelling how, Nanos now);
  // What runs is told as interrupted, with what `killed` knows of its end; of what is not in there
  // nothing is known but that it began. The last call of a run.
  void interrupt(std::string_view reason, std::span<const Exit> killed, Nanos now);

  const StageRecord& record(int task) const { return records_[static_cast<std::size_t>(task)]; }
  int size() const noexcept { return static_cast<int>(records_.size()); }
  bool is_running(int task) const { return scheduler_.state(task) == TaskState::running; }
  // When advance() has something to do though nothing ends.
  std::optional<Nanos> next_deadline() const { return scheduler_.next_deadline(); }
  bool done() const noexcept { return scheduler_.done(); }
  // A stage failed, other than one that may, and not because of a gate or a hook alone.
  bool any_failed() const noexcept { return any_failed_; }
  // A gate failed a stage, other than one that may.
  bool any_gate_failed() const noexcept { return any_gate_failed_; }
  // A hook refused a stage, other than one that may fail.
  bool any_hook_refused() const noexcept { return any_hook_refused_; }
  // Every stage that is settled succeeded or was done already.
  bool all_succeeded() const noexcept { return all_succeeded_; }
  // For who governs the run (slots, memory, pauses, locks of others) or looks ahead. Starts and
  // ends are told here.
  Scheduler& scheduler() noexcept { return scheduler_; }

 private:
  StageRecord& of(int task) { return records_[static_cast<std::size_t>(task)]; }
  AttemptRules rules_of(int task) const;
  void put_starts_first();
  void perform_all(const std::vector<Action>& actions, Nanos now);
  void perform(const Action& action, Nanos now);
  void order_begin(const Action& action, Nanos now);
  void order_end(const Action& action);
  void close(const Exit& exit, AttemptVerdict verdict, Nanos now);
  void retrying(const Action& action, Nanos now);
  void settled(const Action& action);
  void skipped(const Action& action);
  void tell_finished(int task, const Exit* exit);
  template <typename Body>
  void tell(Body body);

  TaskNeedsList needs_;
  std::function<std::string(int)> title_;
  std::function<const RetryRule*(int)> retry_rule_;
  EventEmitter* emitter_;
  Scheduler scheduler_;
  std::vector<StageRecord> records_;
  std::vector<Action> batch_;  // of the last advance(), from batch_at_ on still to be performed
  std::size_t batch_at_ = 0;
  std::vector<StageOrder> orders_;  // from orders_at_ on not yet given
  std::size_t orders_at_ = 0;
  std::vector<Action> after_;      // scratch
  const Exit* closing_ = nullptr;  // the end that is being told to the scheduler
  Nanos turn_{};                   // of the last advance()
  bool any_failed_ = false;
  bool any_gate_failed_ = false;
  bool any_hook_refused_ = false;
  bool all_succeeded_ = true;
};

}  // namespace headway
