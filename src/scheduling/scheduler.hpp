// Scheduler: the pure core. "These are ready, these finished, this much is free" in, "start,
// terminate, kill these now" out. Reads no clock, starts nothing; real processes and the simulator
// drive the same object.
#pragma once

#include "base/clock.hpp"
#include "scheduling/admission.hpp"
#include "scheduling/deadline_heap.hpp"
#include "scheduling/lock_table.hpp"
#include "scheduling/task_graph_csr.hpp"
#include "scheduling/task_needs.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace headway {

// Where a task stands. The last four are final.
enum class TaskState : std::uint8_t {
  waiting,     // for what it needs
  ready,       // for a slot, room or a lock
  running,     // an attempt is under way, perhaps being terminated
  retry_wait,  // an attempt failed; holds nothing until the next is due
  succeeded,
  failed,     // its last attempt failed (also where that is allowed)
  skipped,    // never started, because of a failure
  cancelled,  // ended, or never started, because it was told to
};

// What the driver must do, or may tell. `other`: see each kind.
struct Action {
  enum class Kind : std::uint8_t {
    ready,      // news: all it needs is done; it may still wait for a slot or a lock
    start,      // start attempt `attempt` now in slot `slot`
    terminate,  // SIGTERM to the attempt; `reason` says why
    kill,       // SIGKILL to the attempt
    retry,      // news: attempt failed, the next starts no earlier than `at`
    skip,    // news: never started and never will (skipped or cancelled: see state()); `other` is
             // the failed task because of which, or -1. No `settled` follows
    settled  // news: a task that had started, or was done already, ended for good; its state() says
             // how
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
  // The kernel ended it for want of memory: it is tried once more than its policy says, alone.
  bool out_of_memory = false;
};

// One run's decisions. Times are points on one monotonic axis, never going back. Deterministic: the
// same calls give the same actions. Invariants (property tests): a lock has one holder; in-use
// never exceeds the limits (but for a task that alone exceeds them, which then runs alone); no task
// before its needs; every task is settled in the end; a task that does not fit is passed over a
// bounded number of times (kMaxPasses), then nothing else that competes for what it waits for
// starts before it; when nothing runs, something ready whose locks are free starts. Copies share
// what never changes and are cheap; an event costs O(log n) and allocates nothing once the buffers
// have grown. Needs of `always` tasks on others hold by themselves, needs among them order them
// whatever came of them, and a need of an ordinary task on an `always` one is not waited for (the
// model refuses it). Not synchronised.
class Scheduler {
 public:
  static constexpr int kMaxPasses = 64;

  Scheduler(CsrGraph graph, TaskNeedsList needs, SchedulerLimits limits);

  // Everything that is due at `now`: newly ready tasks, starts, timeouts, kills after grace.
  // Appends to `out`.
  void advance(Nanos now, std::vector<Action>& out);
  // Attempt of `task` ended. Appends what follows from it (retry, settled, skips); starts come with
  // the next advance().
  void finished(Nanos now, int task, AttemptResult result, std::vector<Action>& out);

  // Nothing new starts but `always` tasks; running ones are terminated, then killed after grace.
  // `immediate`: killed now, `always` tasks are cancelled too.
  void cancel(Nanos now, bool immediate, std::vector<Action>& out);
  // From the next advance() on; what runs goes on. `extra_cpus` (>= 0): how far the tasks together
  // may exceed the limit on cpus, where CPUs were seen idle though all of them are spoken for.
  void set_slots(int slots, double extra_cpus = 0);
  // How much memory all tasks together may want from now on; at most the limit the run began with.
  void set_memory(std::int64_t bytes);
  // While closed nothing starts, but for one task where none is alive.
  void set_open(bool is_open);
  // The attempt of a running task is stopped (SIGSTOP): its slot and its cpus are free, its memory
  // is not, its timeout stands still. False, and nothing done, where it does not run, is stopped
  // already or was told to end.
  bool pause(Nanos now, int task);
  // It goes on, whether there is room or not; the slot it has from now on. It may have been told to
  // end meanwhile, or kept no pause: then the slot it has.
  int go_on(Nanos now, int task);
  bool paused(int task) const noexcept;
  // The start that advance() just asked for could not be done because somebody outside this run
  // holds `lock`: the task is ready again, its attempt not counted, and the lock counts as busy
  // elsewhere.
  void start_refused(Nanos now, int task, int lock);
  // The start that advance() just asked for waits for something of the caller's: the task keeps all
  // it has, its timeout begins with begin_held(). It may be told to end meanwhile; finished() then
  // ends it as any other.
  void hold(int task);
  void begin_held(Nanos now, int task);
  // The start that advance() just asked for, or that is held, was not needed: the task is done
  // (nothing changed since it last ran, or it ran in the run that goes on here). It succeeded, its
  // attempt is not counted, and what it held is free. Appends `settled`; what it makes possible
  // comes with the next advance(), which is due at once.
  void done_already(Nanos now, int task, std::vector<Action>& out);
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
  int running() const noexcept;          // without those that are paused
  const CsrGraph& graph() const noexcept { return plan_->graph; }

  // Replay: puts the task in the state of having succeeded, or of running since `started`, before
  // the first advance().
  void preset_succeeded(int task);
  void preset_running(int task, Nanos started);

 private:
  // What never changes; shared by copies.
  struct Plan {
    CsrGraph graph;
    TaskNeedsList needs;
    std::vector<std::int32_t> rank;     // by task: 0 starts first
    std::vector<std::int32_t> order;    // task by rank
    std::vector<std::int32_t> missing;  // needs that count, by task
    std::vector<std::int32_t> always;   // tasks that run after all others
  };
  struct Task {
    TaskState state = TaskState::waiting;
    Action::Reason stop = Action::Reason::none;  // why its attempt was told to end
    bool was_killed = false;
    bool runs_alone = false;   // it ran out of memory beside others
    bool is_held = false;      // running, but its attempt has not begun
    std::int32_t missing = 0;  // needs that are not done
    std::int32_t attempt = 0;
    std::int32_t slot = 0;
  };
  // A stopped attempt, and what was left of its timeout then.
  struct Pause {
    std::int32_t task = 0;
    std::optional<Nanos> left;
  };
  // What is left of the run. Grows only.
  enum class Phase : std::uint8_t { normal, halted, cancelling, cancelled_at_once };

  static std::shared_ptr<const Plan> make_plan(CsrGraph graph, TaskNeedsList needs);
  Task& task_of(int task) noexcept { return tasks_[static_cast<std::size_t>(task)]; }
  const TaskNeeds& needs_of(int task) const noexcept {
    return plan_->needs[static_cast<std::size_t>(task)];
  }
  int rank_of(int task) const noexcept { return plan_->rank[static_cast<std::size_t>(task)]; }
  bool must_end(int task) const noexcept;
  bool may_go_on(int task) const noexcept;
  Nanos retry_delay(int task, int retry) const;

  void begin();
  void open_always();
  void make_ready(int task);
  void announce(std::vector<Action>& out);
  void pass_deadlines(Nanos now, std::vector<Action>& out);
  void start_what_fits(Nanos now, std::vector<Action>& out);
  void start(int task, Nanos now, std::vector<Action>& out);
  void terminate(int task, Action::Reason reason, Nanos now, std::vector<Action>& out);
  void kill(int task, std::vector<Action>& out);
  int occupy(int task);
  void vacate(int task);
  int take_slot(int task);
  void free_slot(int task);

  void settle(int task, TaskState state, Action action, std::vector<Action>& out);
  bool may_retry(int task, const AttemptResult& result);
  void release_successors(int task);
  void fail(int task, Action::Reason reason, Nanos now, std::vector<Action>& out);
  void skip_dependents(int root, std::vector<Action>& out);
  void halt(int failed, Nanos now, std::vector<Action>& out);
  void drop_unstarted(int task, Action why, std::vector<Action>& out);
  void drop_refused(std::vector<Action>& out);

  void enqueue(int task);
  void wake(int lock);
  void wake_behind(int task);
  bool park_behind_lock(int task);
  void park_held_tasks();
  bool wake_open_locks();

  std::shared_ptr<const Plan> plan_;
  SchedulerLimits limits_;
  std::vector<Task> tasks_;
  Admission admission_;
  LockTable locks_;
  DeadlineHeap deadlines_;
  std::vector<std::uint64_t> used_slots_;  // bits
  std::vector<Pause> pauses_;
  std::vector<std::int32_t> newly_ready_;   // not yet told
  std::vector<std::int32_t> refused_late_;  // refused after nothing new may start
  std::vector<std::int32_t> stack_;         // scratch of skip_dependents()
  std::optional<Nanos> unstarted_at_;       // a start did not come to pass: its slot is free again
  std::int32_t unsettled_ = 0;
  std::int32_t ordinary_left_ = 0;
  int failed_task_ = -1;  // because of which the run was halted
  Phase phase_ = Phase::normal;
  bool has_begun_ = false;
  bool locks_changed_ = false;  // since held tasks were last looked at
};

}  // namespace headway
