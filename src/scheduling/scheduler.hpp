// Scheduler: the pure core. "These are ready, these finished, this much is free" in, "start,
// terminate, kill these now" out. Reads no clock, starts nothing; real processes and the simulator
// drive the same object.
#pragma once

#include "base/clock.hpp"
#include "scheduling/task_graph_csr.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace headway {

// When a failed attempt may be repeated, with the delay before retry n (from 1): delay *
// backoff^(n-1), less up to `jitter` of it, at most 1 h.
struct RetryPolicy {
  int max = 0;
  Nanos delay = std::chrono::seconds(1);
  double backoff = 2;
  double jitter = 0;
};

// What the core must know of one task.
struct TaskNeeds {
  double cpus = 1;
  std::int64_t memory_bytes = 0;
  std::vector<int> locks;        // numbers of locks, from 0
  std::optional<Nanos> timeout;  // of one attempt
  Nanos grace = std::chrono::seconds(5);
  RetryPolicy retries;
  bool allow_failure = false;  // its failure counts as success for what needs it
  bool always = false;         // runs after all ordinary tasks are settled, whatever came of them
  double weight = 1;           // expected duration in any unit; the critical path is made of it
};

// What happens to the rest when a task has finally failed.
enum class FailureMode {
  fail_fast,  // nothing new starts; what runs, and its retries, may finish
  kill,       // what runs is terminated, then killed after its grace
  keep_going  // only what depends on the failure is skipped
};

// How much may be in use at once. A task that wants more than the whole budget runs alone.
struct SchedulerLimits {
  int slots = 1;                  // >= 1
  double cpus = 0;                // 0: not limited
  std::int64_t memory_bytes = 0;  // 0: not limited
  FailureMode failure_mode = FailureMode::fail_fast;
  std::uint64_t seed = 1;  // of the jitter: same input, same plan
};

enum class TaskState : std::uint8_t {
  waiting,
  ready,
  running,
  retry_wait,
  succeeded,
  failed,
  skipped,
  cancelled
};

// What the driver must do, or may tell. `other`: see each kind.
struct Action {
  enum class Kind : std::uint8_t {
    ready,      // news: all it needs is done; it may still wait for a slot or a lock
    start,      // start attempt `attempt` now in slot `slot`
    terminate,  // SIGTERM to the attempt; `reason` says why
    kill,       // SIGKILL to the attempt
    retry,      // news: attempt failed, the next starts no earlier than `at`
    skip,       // news: will not run; `other` is the failed task because of which, or -1
    settled     // news: task ended for good; its state() says how
  };
  enum class Reason : std::uint8_t { none, timeout, cancelled, failure_elsewhere, needs_failed };
  Kind kind{};
  Reason reason{};
  int task = 0;
  int attempt = 1;
  int slot = 0;
  int other = -1;
  Nanos at{};
};

// How an attempt ended. Whether `retryable` is the caller's to say (exit codes and signals are not
// the core's business).
struct AttemptResult {
  bool succeeded = false;
  bool retryable = true;
  bool start_failed = false;
};

// One run's decisions. Times are points on one monotonic axis, never going back. Deterministic: the
// same calls give the same actions. Invariants (property tests): a lock has one holder; in-use
// never exceeds the limits (but for a task that alone exceeds them, which then runs alone); no task
// before its needs; every task is settled in the end; a task that does not fit is passed over a
// bounded number of times (kMaxPasses), then nothing else that competes for what it waits for
// starts before it. Not synchronised.
class Scheduler {
 public:
  static constexpr int kMaxPasses = 64;

  Scheduler(CsrGraph graph, std::vector<TaskNeeds> needs, SchedulerLimits limits);

  // Everything that is due at `now`: newly ready tasks, starts, timeouts, kills after grace.
  // Appends to `out`.
  void advance(Nanos now, std::vector<Action>& out);
  // Attempt of `task` ended. Appends what follows from it (retry, settled, skips); starts come with
  // the next advance().
  void finished(Nanos now, int task, AttemptResult result, std::vector<Action>& out);

  // Nothing new starts but `always` tasks; running ones are terminated, then killed after grace.
  // `immediate`: killed now, `always` tasks are cancelled too.
  void cancel(Nanos now, bool immediate, std::vector<Action>& out);
  void set_slots(int slots);
  // The start that advance() just asked for could not be done because somebody outside this run
  // holds `lock`: the task is ready again, its attempt not counted, and the lock counts as busy
  // elsewhere.
  void start_refused(Nanos now, int task, int lock);
  // A lock that somebody outside this run holds: tasks that want it wait.
  void set_lock_elsewhere(int lock, bool busy);
  // Replaces the expected durations (before the first advance()).
  void set_weights(const std::vector<double>& weights);

  // The next time at which advance() has something to do though nothing finishes; nothing: wait for
  // a finish.
  std::optional<Nanos> next_deadline() const;
  bool done() const noexcept;
  TaskState state(int task) const noexcept;
  int attempt(int task) const noexcept;  // 0 before the first start
  int running() const noexcept;
  const CsrGraph& graph() const noexcept { return graph_; }

  // Replay: puts the task in the state of having succeeded, or of running since `started`, before
  // the first advance().
  void preset_succeeded(int task);
  void preset_running(int task, Nanos started);

 private:
  CsrGraph graph_;
  std::vector<TaskNeeds> needs_;
  SchedulerLimits limits_;
  // (the owner of this file adds the rest)
};

}  // namespace headway
