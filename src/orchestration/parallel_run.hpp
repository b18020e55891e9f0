// ParallelRun: one run inside a program, on threads. Asks the books (StageRuns), does what they say
// on worker threads, tells them what ended. Decides nothing.
#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/secrets.hpp"
#include "execution/attempt_end.hpp"
#include "execution/worker_threads.hpp"
#include "orchestration/event_emitter.hpp"
#include "orchestration/parallel_plan.hpp"
#include "orchestration/stage_context.hpp"
#include "orchestration/stage_runs.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace headway {

// What a run is built on. All must outlive the last of its callables, `emitter` only run().
struct ParallelSeams {
  const Clock& clock;
  WorkerThreads& threads;
  StageSurroundings surroundings;
  SecretSet secrets;                // masked in what commands print
  EventEmitter* emitter = nullptr;  // may be null
};

// One run; made with make_shared. The thread that calls run() only keeps the time. The worker that
// finishes a stage tells the scheduler itself and takes the most urgent of what may start then, so
// that a chain stays on one thread.
class ParallelRun : public std::enable_shared_from_this<ParallelRun> {
 public:
  ParallelRun(ParallelPlan plan, const SchedulerLimits& limits, ParallelSeams seams);

  // Runs all; once. Called inside a stage, that stage's stop also cancels this run.
  void run();
  // From any thread, at any time, never blocks for long.
  void request_cancel() noexcept;

  // After run().
  std::vector<StageExecutionResult> take_results();
  bool all_succeeded() const;
  bool was_cancelled() const;

 private:
  // How a running attempt is reached.
  struct Reins {
    std::stop_source stop{std::nostopstate};
    std::stop_source kill{std::nostopstate};
  };
  // Who has the last word on an attempt: the thread that runs it, or the one that gives it up.
  enum class Fate : std::uint8_t { running, ended, given_up };
  // An attempt on its way to a thread.
  struct Begin {
    int task = 0;
    int attempt = 1;
    std::stop_token stop, kill;
  };
  // What is to be done without the lock.
  struct Errands {
    std::vector<std::stop_source> requests;
    std::vector<Begin> starts;
  };

  Nanos elapsed() const { return clock_.monotonic() - begun_; }
  void drive();
  bool wait_for_news() HEADWAY_REQUIRES(mutex_);
  void cancel_if_asked() HEADWAY_REQUIRES(mutex_);
  void collect(Errands& errands) HEADWAY_REQUIRES(mutex_);
  void obey(const StageOrder& order, Nanos now, Errands& errands) HEADWAY_REQUIRES(mutex_);
  void begin(const StageOrder& order, Nanos now, Errands& errands) HEADWAY_REQUIRES(mutex_);
  void give_up(int task, Nanos now) HEADWAY_REQUIRES(mutex_);
  void take_end(int task, AttemptEnd& end) HEADWAY_REQUIRES(mutex_);
  StageExecutionResult& result_of(int task) {
    return plan_.results[static_cast<std::size_t>(task)];
  }
  void tell_events() HEADWAY_REQUIRES(mutex_);
  bool must_wake_driver() const HEADWAY_REQUIRES(mutex_);
  void work(Begin begin);
  AttemptEnd attempt(const Begin& begin);
  bool decide(int task, Fate fate);
  void end(int task, AttemptEnd end, Errands& errands);
  std::optional<Begin> do_errands(Errands& errands, bool keeps_one);
  void hand_over(Begin begin, Errands& errands);

  const Clock& clock_;
  WorkerThreads& threads_;
  const StageSurroundings surroundings_;
  const SecretSet secrets_;
  EventEmitter* const emitter_;  // used under the lock
  const Nanos begun_;
  // Results are written under the lock, but for `result`, which the thread writes that decided the
  // fate of the attempt; those of settled stages no more.
  ParallelPlan plan_;
  std::vector<std::atomic<Fate>> fates_;   // of the newest attempt, by task
  std::atomic<bool> is_cancelled_{false};  // all that runs has been told

  mutable Mutex mutex_;
  std::condition_variable_any news_;  // the driver waits for it
  StageRuns runs_ HEADWAY_GUARDED_BY(mutex_);
  std::vector<Reins> reins_ HEADWAY_GUARDED_BY(mutex_);  // by task
  std::optional<Nanos> wakes_at_ HEADWAY_GUARDED_BY(mutex_);
  bool is_driver_waiting_ HEADWAY_GUARDED_BY(mutex_) = false;
  bool cancel_requested_ HEADWAY_GUARDED_BY(mutex_) = false;
  bool gave_up_ HEADWAY_GUARDED_BY(mutex_) = false;  // an attempt whose thread still runs
};

}  // namespace headway
