// SchedulerDriver: plays processes for a Scheduler on a virtual clock, and keeps a journal of what
// it was told. For tests; knows nothing of what must hold.
#pragma once

#include "scheduling/scheduler.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace headway::test {

// How a pretended task behaves.
struct PretendedTask {
  Nanos duration = std::chrono::seconds(1);
  int failing_attempts = 0;                    // so many first attempts fail
  bool retryable = true;                       // what the driver says of a failure
  std::optional<Nanos> dies_after = Nanos{0};  // SIGTERM ends it so much later; nothing: never
};

// One thing the scheduler asked for or told, or that the driver did ("ended").
struct JournalEntry {
  Nanos at{};
  Action action;
  bool ended = false;  // an attempt ended (action.task, action.attempt)
};

class SchedulerDriver {
 public:
  SchedulerDriver(Scheduler& scheduler, std::vector<PretendedTask> tasks)
      : scheduler_(scheduler), tasks_(std::move(tasks)) {}

  // Until done, or nothing more can happen.
  void run() {
    while (step()) {
    }
  }

  // One turn: what is due now, then on to the next thing that happens, if it is not later than
  // `until`. False at the end.
  bool step(Nanos until = Nanos::max()) {
    act([this](std::vector<Action>& out) { scheduler_.advance(now_, out); });
    std::optional<Nanos> next = scheduler_.next_deadline();
    if (!ends_.empty() && (!next || ends_.begin()->first <= *next)) {
      next = ends_.begin()->first;
    }
    if (scheduler_.done() || !next || *next > until) {
      return false;
    }
    now_ = std::max(now_, *next);
    while (!ends_.empty() && ends_.begin()->first <= now_) {
      const int task = ends_.begin()->second;
      end(task);
    }
    return true;
  }

  // All that happens up to that time.
  void run_until(Nanos time) {
    while (step(time)) {
    }
    now_ = std::max(now_, time);
  }

  void cancel(bool immediate) {
    act([this, immediate](std::vector<Action>& out) { scheduler_.cancel(now_, immediate, out); });
  }

  // Starts of tasks for which this says a lock number are refused with it.
  std::function<std::optional<int>(int task)> refuse;
  // Starts of tasks for which this says so are answered with "done already".
  std::function<bool(int task)> is_done;

  Nanos now() const { return now_; }
  const std::vector<JournalEntry>& journal() const { return journal_; }
  int running() const { return static_cast<int>(ends_.size()); }

  // When the first attempt of that task started; nothing: never.
  std::optional<Nanos> started(int task) const {
    for (const JournalEntry& entry : journal_) {
      if (!entry.ended && entry.action.kind == Action::Kind::start && entry.action.task == task) {
        return entry.at;
      }
    }
    return std::nullopt;
  }

  std::vector<JournalEntry> entries(Action::Kind kind) const {
    std::vector<JournalEntry> found;
    for (const JournalEntry& entry : journal_) {
      if (!entry.ended && entry.action.kind == kind) {
        found.push_back(entry);
      }
    }
    return found;
  }

 private:
  using End = std::pair<Nanos, int>;

  template <typename Call>
  void act(Call call) {
    std::vector<Action> actions;
    call(actions);
    for (const Action& action : actions) {
      perform(action);
    }
  }

  void perform(const Action& action) {
    const PretendedTask& task = tasks_[static_cast<std::size_t>(action.task)];
    if (action.kind == Action::Kind::start && refuse) {
      if (const auto lock = refuse(action.task)) {
        scheduler_.start_refused(now_, action.task, *lock);
        return;
      }
    }
    journal_.push_back({now_, action, false});
    if (action.kind == Action::Kind::start && is_done && is_done(action.task)) {
      journal_.push_back({now_, action, true});
      act([&](std::vector<Action>& out) { scheduler_.done_already(now_, action.task, out); });
    } else if (action.kind == Action::Kind::start) {
      set_end(action.task, now_ + task.duration);
    } else if (action.kind == Action::Kind::kill) {
      set_end(action.task, now_);
    } else if (action.kind == Action::Kind::terminate && task.dies_after) {
      set_end(action.task, std::min(end_of(action.task), now_ + *task.dies_after));
    }
  }

  Nanos end_of(int task) const {
    for (const End& end : ends_) {
      if (end.second == task) {
        return end.first;
      }
    }
    return now_;
  }

  void set_end(int task, Nanos at) {
    std::erase_if(ends_, [task](const End& end) { return end.second == task; });
    ends_.insert({at, task});
  }

  void end(int task) {
    std::erase_if(ends_, [task](const End& end) { return end.second == task; });
    const PretendedTask& pretended = tasks_[static_cast<std::size_t>(task)];
    AttemptResult result;
    result.succeeded = scheduler_.attempt(task) > pretended.failing_attempts;
    result.retryable = pretended.retryable;
    Action ended;
    ended.task = task;
    ended.attempt = scheduler_.attempt(task);
    journal_.push_back({now_, ended, true});
    act([this, task, result](std::vector<Action>& out) {
      scheduler_.finished(now_, task, result, out);
    });
  }

  Scheduler& scheduler_;
  std::vector<PretendedTask> tasks_;
  std::set<End> ends_;
  std::vector<JournalEntry> journal_;
  Nanos now_{};
};

}  // namespace headway::test
