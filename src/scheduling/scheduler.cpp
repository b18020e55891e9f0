// The scheduling core. Ready tasks wait in Admission, or behind a busy lock in LockTable; timeouts,
// kills and retries wait in DeadlineHeap. Reads no clock, starts nothing.
//
// A free lock that somebody waits for always has one of those who want it in Admission: when it
// becomes free the best waiter is put there (wake()), and whoever leaves Admission without taking
// the lock sends the next one (wake_behind()).
#include "scheduling/scheduler.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace headway {

namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

Action action(Action::Kind kind, int task, Action::Reason reason = Action::Reason::none) {
  Action made;
  made.kind = kind;
  made.reason = reason;
  made.task = task;
  return made;
}

// Tasks by falling critical-path length, ties by index.
std::vector<std::int32_t> start_order(const CsrGraph& graph, const TaskNeedsList& needs) {
  std::vector<double> weights;
  weights.reserve(needs.size());
  for (const TaskNeeds& task : needs) {
    weights.push_back(task.weight);
  }
  const std::vector<double> lengths = critical_path_lengths(graph, weights);
  std::vector<std::int32_t> order(needs.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&lengths](std::int32_t a, std::int32_t b) {
    return lengths[at(a)] > lengths[at(b)];
  });
  return order;
}

}  // namespace

std::shared_ptr<const Scheduler::Plan> Scheduler::make_plan(CsrGraph graph, TaskNeedsList needs) {
  auto plan = std::make_shared<Plan>();
  plan->order = start_order(graph, needs);
  plan->rank.resize(needs.size());
  for (std::size_t rank = 0; rank < plan->order.size(); ++rank) {
    plan->rank[at(plan->order[rank])] = static_cast<std::int32_t>(rank);
  }
  plan->missing.assign(needs.size(), 0);
  for (int task = 0; task < graph.size(); ++task) {
    if (needs[at(task)].always) {
      plan->always.push_back(task);
    }
    for (const int next : graph.successors(task)) {
      // Only needs between tasks of one kind are counted.
      plan->missing[at(next)] += needs[at(task)].always == needs[at(next)].always ? 1 : 0;
    }
  }
  plan->graph = std::move(graph);
  plan->needs = std::move(needs);
  return plan;
}

Scheduler::Scheduler(CsrGraph graph, TaskNeedsList needs, SchedulerLimits limits)
    : plan_(make_plan(std::move(graph), std::move(needs))),
      limits_(limits),
      tasks_(plan_->needs.size()),
      admission_(plan_->needs.all(), plan_->order, limits, kMaxPasses),
      locks_(plan_->needs.all()),
      deadlines_(plan_->graph.size()),
      unsettled_(plan_->graph.size()),
      ordinary_left_(unsettled_ - static_cast<std::int32_t>(plan_->always.size())) {
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    tasks_[i].missing = plan_->missing[i];
  }
}

void Scheduler::set_weights(const std::vector<double>& weights) {
  std::vector<TaskNeeds> needs = plan_->needs.all();
  for (std::size_t i = 0; i < needs.size(); ++i) {
    needs[i].weight = weights[i];
  }
  plan_ = make_plan(plan_->graph, std::move(needs));
  admission_ = Admission(plan_->needs.all(), plan_->order, limits_, kMaxPasses);
  for (int task = 0; task < plan_->graph.size(); ++task) {
    if (state(task) == TaskState::running) {
      admission_.take(rank_of(task));  // a preset
    }
  }
}

// ---- what the driver calls

void Scheduler::advance(Nanos now, std::vector<Action>& out) {
  if (!has_begun_) {
    begin();
  }
  unstarted_at_.reset();
  drop_refused(out);
  pass_deadlines(now, out);
  announce(out);
  start_what_fits(now, out);
}

void Scheduler::finished(Nanos now, int task, AttemptResult result, std::vector<Action>& out) {
  Task& run = task_of(task);
  if (run.state != TaskState::running) {
    return;
  }
  const Action::Reason stop = run.stop;
  vacate(task);
  if (stop == Action::Reason::cancelled || stop == Action::Reason::failure_elsewhere) {
    settle(task, TaskState::cancelled, action(Action::Kind::settled, task, stop), out);
  } else if (result.succeeded && stop == Action::Reason::none) {
    settle(task, TaskState::succeeded, action(Action::Kind::settled, task), out);
    release_successors(task);
  } else if (may_go_on(task) && may_retry(task, result)) {
    run.state = TaskState::retry_wait;
    Action told = action(Action::Kind::retry, task, stop);
    told.attempt = run.attempt;
    told.at = now + retry_delay(task, run.attempt);
    deadlines_.set(task, told.at);
    out.push_back(told);
  } else {
    fail(task, stop, now, out);
  }
}

void Scheduler::cancel(Nanos now, bool immediate, std::vector<Action>& out) {
  if (phase_ == Phase::cancelled_at_once || (phase_ == Phase::cancelling && !immediate)) {
    return;
  }
  phase_ = immediate ? Phase::cancelled_at_once : Phase::cancelling;
  for (int task = 0; task < plan_->graph.size(); ++task) {
    if (!must_end(task)) {
      continue;  // (an always task, after the first cancel)
    }
    if (task_of(task).state != TaskState::running) {
      drop_unstarted(task, action(Action::Kind::skip, task, Action::Reason::cancelled), out);
    } else if (immediate) {
      if (task_of(task).stop == Action::Reason::none) {
        task_of(task).stop = Action::Reason::cancelled;
      }
      kill(task, out);
    } else {
      terminate(task, Action::Reason::cancelled, now, out);
    }
  }
}

void Scheduler::set_slots(int slots, double extra_cpus) {
  limits_.slots = slots;
  admission_.set_slots(slots, extra_cpus);
}

void Scheduler::set_lock_elsewhere(int lock, bool busy) {
  locks_.set_elsewhere(lock, busy);
  locks_changed_ = true;
  if (!busy) {
    wake(lock);
  }
}

std::optional<Nanos> Scheduler::next_deadline() const {
  const std::optional<Nanos> earliest = deadlines_.earliest();
  return unstarted_at_ && (!earliest || *unstarted_at_ < *earliest) ? unstarted_at_ : earliest;
}

bool Scheduler::done() const noexcept {
  return unsettled_ == 0;
}

TaskState Scheduler::state(int task) const noexcept {
  return tasks_[at(task)].state;
}

int Scheduler::attempt(int task) const noexcept {
  return tasks_[at(task)].attempt;
}

int Scheduler::running() const noexcept {
  return admission_.running();
}

void Scheduler::preset_succeeded(int task) {
  task_of(task).state = TaskState::succeeded;
  --unsettled_;
  ordinary_left_ -= needs_of(task).always ? 0 : 1;
  release_successors(task);
}

void Scheduler::preset_running(int task, Nanos started) {
  task_of(task).attempt = 1;
  admission_.take(rank_of(task));
  occupy(task);
  if (needs_of(task).timeout) {
    deadlines_.set(task, started + *needs_of(task).timeout);
  }
}

// ---- becoming ready

void Scheduler::begin() {
  has_begun_ = true;
  for (int task = 0; task < plan_->graph.size(); ++task) {
    const Task& run = tasks_[at(task)];
    if (run.state == TaskState::waiting && run.missing == 0 && !needs_of(task).always) {
      make_ready(task);
    }
  }
  if (ordinary_left_ == 0) {
    open_always();
  }
}

void Scheduler::open_always() {
  for (const std::int32_t task : plan_->always) {
    if (task_of(task).state == TaskState::waiting && task_of(task).missing == 0) {
      make_ready(task);
    }
  }
}

void Scheduler::make_ready(int task) {
  task_of(task).state = TaskState::ready;
  newly_ready_.push_back(task);
}

void Scheduler::announce(std::vector<Action>& out) {
  for (const std::int32_t task : newly_ready_) {
    if (task_of(task).state == TaskState::ready) {
      out.push_back(action(Action::Kind::ready, task));
      enqueue(task);
    }
  }
  newly_ready_.clear();
}

void Scheduler::release_successors(int task) {
  const bool always = needs_of(task).always;
  for (const int next : plan_->graph.successors(task)) {
    Task& run = task_of(next);
    if (needs_of(next).always != always || --run.missing > 0) {
      continue;
    }
    if (has_begun_ && run.state == TaskState::waiting && (!always || ordinary_left_ == 0)) {
      make_ready(next);
    }
  }
}

// ---- time

void Scheduler::pass_deadlines(Nanos now, std::vector<Action>& out) {
  for (int task = deadlines_.pop_due(now); task >= 0; task = deadlines_.pop_due(now)) {
    const Task& run = task_of(task);
    if (run.state == TaskState::retry_wait) {
      task_of(task).state = TaskState::ready;
      enqueue(task);
    } else if (run.stop == Action::Reason::none) {
      terminate(task, Action::Reason::timeout, now, out);
    } else {
      kill(task, out);
    }
  }
}

// ---- starting and ending attempts

void Scheduler::start_what_fits(Nanos now, std::vector<Action>& out) {
  while (admission_.slot_free()) {
    if (locks_changed_) {
      park_held_tasks();
    }
    const int rank = admission_.pick();
    if (rank < 0) {
      if (wake_open_locks()) {
        continue;
      }
      return;
    }
    const int task = plan_->order[at(rank)];
    if (!park_behind_lock(task)) {
      start(task, now, out);
    }
  }
}

void Scheduler::start(int task, Nanos now, std::vector<Action>& out) {
  Task& run = task_of(task);
  const std::optional<Nanos> timeout = needs_of(task).timeout;
  Action told = action(Action::Kind::start, task);
  admission_.start(rank_of(task));
  told.slot = occupy(task);
  told.attempt = ++run.attempt;
  if (timeout) {
    deadlines_.set(task, now + *timeout);
  }
  out.push_back(told);
}

// The slot and the locks; returns the slot, the lowest that is free.
int Scheduler::occupy(int task) {
  Task& run = task_of(task);
  run.state = TaskState::running;
  run.stop = Action::Reason::none;
  run.was_killed = false;
  run.is_held = false;
  locks_.take(task);
  locks_changed_ = locks_changed_ || !locks_.wanted_by(task).empty();
  return take_slot(task);
}

int Scheduler::take_slot(int task) {
  Task& run = task_of(task);
  std::size_t word = 0;
  while (word < used_slots_.size() && used_slots_[word] == ~std::uint64_t{0}) {
    ++word;
  }
  if (word == used_slots_.size()) {
    used_slots_.push_back(0);
  }
  const int bit = std::countr_one(used_slots_[word]);
  used_slots_[word] |= std::uint64_t{1} << bit;
  run.slot = static_cast<std::int32_t>(word) * 64 + bit;
  return run.slot;
}

void Scheduler::free_slot(int task) {
  const auto slot = static_cast<std::uint32_t>(task_of(task).slot);
  used_slots_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
}

void Scheduler::vacate(int task) {
  if (paused(task)) {
    go_on(Nanos{0}, task);
  }
  free_slot(task);
  deadlines_.drop(task);
  admission_.give(rank_of(task));
  locks_.give(task);
  for (const std::int32_t lock : locks_.wanted_by(task)) {
    wake(lock);
  }
}

void Scheduler::terminate(int task, Action::Reason reason, Nanos now, std::vector<Action>& out) {
  Task& run = task_of(task);
  if (run.stop != Action::Reason::none) {
    return;  // told before; its kill is due already
  }
  run.stop = reason;
  Action told = action(Action::Kind::terminate, task, reason);
  told.attempt = run.attempt;
  told.slot = run.slot;
  out.push_back(told);
  deadlines_.set(task, now + needs_of(task).grace);
}

void Scheduler::kill(int task, std::vector<Action>& out) {
  Task& run = task_of(task);
  deadlines_.drop(task);
  if (run.was_killed) {
    return;
  }
  run.was_killed = true;
  Action told = action(Action::Kind::kill, task, run.stop);
  told.attempt = run.attempt;
  told.slot = run.slot;
  out.push_back(told);
}

// ---- failure and cancellation

// The run's phase has ended the life of such tasks: ordinary ones in any but the normal phase,
// always ones after an immediate cancel.
bool Scheduler::must_end(int task) const noexcept {
  if (tasks_[at(task)].state >= TaskState::succeeded) {
    return false;
  }
  return needs_of(task).always ? phase_ == Phase::cancelled_at_once : phase_ != Phase::normal;
}

// Under fail-fast what has begun may go on and try again; a kill or a cancel ends that too.
bool Scheduler::may_go_on(int task) const noexcept {
  const bool only_halted = phase_ == Phase::halted && limits_.failure_mode != FailureMode::kill;
  return (only_halted && tasks_[at(task)].attempt > 0) || !must_end(task);
}

void Scheduler::settle(int task, TaskState state, Action action, std::vector<Action>& out) {
  Task& run = task_of(task);
  run.state = state;
  deadlines_.drop(task);
  --unsettled_;
  action.attempt = run.attempt;
  out.push_back(action);
  if (needs_of(task).always) {
    if (state != TaskState::succeeded) {
      release_successors(task);  // whatever came of it
    }
  } else if (--ordinary_left_ == 0) {
    open_always();
  }
}

void Scheduler::fail(int task, Action::Reason reason, Nanos now, std::vector<Action>& out) {
  settle(task, TaskState::failed, action(Action::Kind::settled, task, reason), out);
  if (needs_of(task).always) {
    return;
  }
  if (needs_of(task).allow_failure) {
    release_successors(task);
    return;
  }
  skip_dependents(task, out);
  if (limits_.failure_mode != FailureMode::keep_going && phase_ == Phase::normal) {
    halt(task, now, out);
  }
}

void Scheduler::skip_dependents(int root, std::vector<Action>& out) {
  stack_.assign(1, root);
  while (!stack_.empty()) {
    const int task = stack_.back();
    stack_.pop_back();
    for (const int next : plan_->graph.successors(task)) {
      if (task_of(next).state == TaskState::waiting && !needs_of(next).always) {
        Action told = action(Action::Kind::skip, next, Action::Reason::needs_failed);
        told.other = root;
        settle(next, TaskState::skipped, told, out);
        stack_.push_back(next);
      }
    }
  }
}

void Scheduler::halt(int failed, Nanos now, std::vector<Action>& out) {
  phase_ = Phase::halted;
  failed_task_ = failed;
  const bool ends_running = limits_.failure_mode == FailureMode::kill;
  for (int task = 0; task < plan_->graph.size(); ++task) {
    if (!must_end(task)) {
      continue;
    }
    if (task_of(task).state == TaskState::running) {
      if (ends_running) {
        terminate(task, Action::Reason::failure_elsewhere, now, out);
      }
    } else if (ends_running || task_of(task).attempt == 0) {
      Action told = action(Action::Kind::skip, task, Action::Reason::failure_elsewhere);
      told.other = failed;
      drop_unstarted(task, told, out);
    }
  }
}

// Settles a task that does not run: one that never started as `why` says, one that waits for a
// retry as cancelled.
void Scheduler::drop_unstarted(int task, Action why, std::vector<Action>& out) {
  const bool in_queue = task_of(task).state == TaskState::ready;
  TaskState state = TaskState::cancelled;
  if (task_of(task).attempt > 0) {
    why.kind = Action::Kind::settled;
  } else if (why.reason != Action::Reason::cancelled) {
    state = TaskState::skipped;
  }
  settle(task, state, why, out);
  if (in_queue) {
    admission_.erase(rank_of(task));
    wake_behind(task);
  }
}

// ---- locks

void Scheduler::enqueue(int task) {
  admission_.insert(rank_of(task));
}

// The best waiter of a lock that is free goes back to the queue.
void Scheduler::wake(int lock) {
  while (lock >= 0 && lock < locks_.locks() && locks_.is_open(lock)) {
    const int task = plan_->order[at(locks_.take_waiter(lock))];
    if (task_of(task).state == TaskState::ready) {
      enqueue(task);
      return;
    }
  }
}

void Scheduler::wake_behind(int task) {
  for (const std::int32_t lock : locks_.wanted_by(task)) {
    wake(lock);
  }
}

// True where a lock it wants is busy: it waits there then, and bars nobody.
bool Scheduler::park_behind_lock(int task) {
  const int lock = locks_.first_busy(task);
  if (lock < 0) {
    return false;
  }
  admission_.erase(rank_of(task));
  locks_.add_waiter(lock, rank_of(task));
  wake_behind(task);
  return true;
}

// A held task closes resources to others; one that waits for a lock must not.
void Scheduler::park_held_tasks() {
  locks_changed_ = false;
  for (int rank = admission_.first_held(0); rank >= 0; rank = admission_.first_held(rank + 1)) {
    park_behind_lock(plan_->order[at(rank)]);
  }
}

// Nothing in the queue fits: those who wait behind another one of a free lock may.
bool Scheduler::wake_open_locks() {
  bool woken = false;
  if (!admission_.limited()) {
    return false;
  }
  for (int lock = 0; lock < locks_.locks(); ++lock) {
    while (locks_.is_open(lock)) {
      wake(lock);
      woken = true;
    }
  }
  return woken;
}

}  // namespace headway
