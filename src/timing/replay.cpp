// A run on a virtual clock, driven by the real scheduler, as often as wanted. Starts nothing.
#include "timing/replay.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

namespace headway {

namespace {

constexpr double kMostSeconds = 1e9;  // 30 years: keeps nanoseconds from overflowing

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

Nanos nanos(double seconds) {
  const double bounded = seconds > 0 ? std::min(seconds, kMostSeconds) : 0;  // (NaN becomes 0)
  return Nanos(static_cast<Nanos::rep>(bounded * 1e9));
}

ReplayTask task_state(const ReplayInput& input, std::size_t task) {
  return input.tasks.empty() ? ReplayTask{} : input.tasks[task];
}

}  // namespace

struct Replayer::State {
  explicit State(const ReplayInput& input)
      : input_(input),
        start_(input.graph, without_accidents(input.needs), input.limits),
        scheduler_(start_) {
    for (int task = 0; task < input.graph.size(); ++task) {
      const ReplayTask state = task_state(input, at(task));
      if (state.state == ReplayTask::State::done) {
        start_.preset_succeeded(task);
      } else if (state.state == ReplayTask::State::running) {
        start_.preset_running(task, -state.running_for);
      }
    }
  }

  Nanos run(std::span<const double> durations, std::vector<Nanos>* finish_at) {
    scheduler_ = start_;
    ends_.clear();
    begin_running(durations);
    Nanos now{};
    for (;;) {
      actions_.clear();
      scheduler_.advance(now, actions_);
      for (const Action& action : actions_) {
        if (action.kind == Action::Kind::start) {
          push(action.task, now + length(action.task, durations));
        }
      }
      if (ends_.empty()) {
        return now;
      }
      now = ends_.front().at;
      while (!ends_.empty() && ends_.front().at == now) {
        const int task = pop();
        if (finish_at != nullptr) {
          (*finish_at)[at(task)] = now;
        }
        scheduler_.finished(now, task, {.succeeded = true}, actions_);
      }
    }
  }

 private:
  struct End {
    Nanos at{};
    std::int32_t task = 0;
    bool operator>(const End& other) const noexcept {
      return at != other.at ? at > other.at : task > other.task;
    }
  };

  // In a replay nothing fails or times out: a task ends at its timeout at the latest.
  static TaskNeedsList without_accidents(const TaskNeedsList& needs) {
    const auto has_timeout = [](const TaskNeeds& task) { return task.timeout.has_value(); };
    if (std::none_of(needs.begin(), needs.end(), has_timeout)) {
      return needs;
    }
    std::vector<TaskNeeds> changed = needs.all();
    for (TaskNeeds& task : changed) {
      task.timeout.reset();
    }
    return changed;
  }

  Nanos length(int task, std::span<const double> durations) const {
    const Nanos length = nanos(durations[at(task)]);
    const auto& timeout = input_.needs[at(task)].timeout;
    return timeout ? std::min(length, *timeout) : length;
  }

  void begin_running(std::span<const double> durations) {
    for (int task = 0; task < static_cast<int>(input_.tasks.size()); ++task) {
      const ReplayTask& state = input_.tasks[at(task)];
      if (state.state == ReplayTask::State::running) {
        push(task, std::max(Nanos{0}, length(task, durations) - state.running_for));
      }
    }
  }

  void push(int task, Nanos end) {
    ends_.push_back({end, task});
    std::push_heap(ends_.begin(), ends_.end(), std::greater<>());
  }

  int pop() {
    std::pop_heap(ends_.begin(), ends_.end(), std::greater<>());
    const int task = ends_.back().task;
    ends_.pop_back();
    return task;
  }

  const ReplayInput& input_;
  Scheduler start_, scheduler_;
  std::vector<Action> actions_;
  std::vector<End> ends_;
};

Replayer::Replayer(const ReplayInput& input) : state_(std::make_unique<State>(input)) {}
Replayer::Replayer(Replayer&&) noexcept = default;
Replayer& Replayer::operator=(Replayer&&) noexcept = default;
Replayer::~Replayer() = default;

Nanos Replayer::run(std::span<const double> durations, std::vector<Nanos>* finish_at) {
  if (finish_at != nullptr) {
    finish_at->assign(at(static_cast<int>(durations.size())), Nanos{0});
  }
  return state_->run(durations, finish_at);
}

Nanos replay_once(const ReplayInput& input,
                  std::span<const double> durations,
                  std::vector<Nanos>* finish_at) {
  return Replayer(input).run(durations, finish_at);
}

}  // namespace headway
