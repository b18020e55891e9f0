// A run on a virtual clock, driven by the real scheduler, as often as wanted. Starts nothing.
#include "timing/replay.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <random>
#include <unordered_map>

namespace headway {

namespace {

// How far a whole run, and one stage seen in one run only, may be off: standard deviations of the
// logarithm of a factor. The second falls with the square root of the number of samples.
constexpr double kSpreadOfRun = 0.05;
constexpr double kSpreadOfStage = 0.15;
// Finished tasks of this run tell how fast today is; so many typical ones are assumed to have gone
// as usual, and one alone may say at most this factor.
constexpr double kUsualTasks = 3;
constexpr double kMostTold = 4;
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

// One graph, replayed many times: the scheduler as it stands now is made once and copied.
class Replayer {
 public:
  explicit Replayer(const ReplayInput& input)
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

// How much slower than usual this run has been so far: what its finished tasks took over what they
// usually take, both with some usual tasks added (shrinkage), so that few tasks say little.
double pace(const ReplayInput& input, const std::vector<const StageDistribution*>& known) {
  double took = 0;
  double usual = 0;
  int told = 0;
  for (std::size_t task = 0; task < input.tasks.size(); ++task) {
    const ReplayTask& state = input.tasks[task];
    const double median = known[task]->median;
    if (state.state == ReplayTask::State::done && state.took > Nanos{0} &&
        known[task]->samples > 0 && median > 0) {
      took += std::clamp(to_seconds(state.took).count(), median / kMostTold, median * kMostTold);
      usual += median;
      ++told;
    }
  }
  if (told == 0) {
    return 1;
  }
  const double assumed = kUsualTasks * usual / told;
  return (took + assumed) / (usual + assumed);
}

// Draws a duration for every task that is not done, again and again.
class Drawer {
 public:
  Drawer(const ReplayInput& input,
         const std::vector<std::string_view>& keys,
         const DurationModel& model)
      : input_(input), random_(kSeed) {
    for (const std::string_view key : keys) {
      known_.push_back(&model.of(key));
    }
    pace_ = pace(input, known_);
    group();
  }

  const std::vector<const StageDistribution*>& known() const { return known_; }

  void draw(std::vector<double>& durations) {
    const double day = pace_ * std::exp(kSpreadOfRun * normal_(random_));
    for (Group& group : groups_) {
      group.factor = day * std::exp(group.spread * normal_(random_));
    }
    for (std::size_t task = 0; task < durations.size(); ++task) {
      const ReplayTask state = task_state(input_, task);
      if (state.state != ReplayTask::State::done) {
        const double factor = groups_[group_of_[task]].factor;
        const double past = to_seconds(state.running_for).count() / factor;
        durations[task] = factor * longer_than(known_[task]->sorted, past);
      }
    }
  }

 private:
  static constexpr std::uint64_t kSeed = 20261122;
  struct Group {
    double spread = 0;
    double factor = 1;
  };

  void group() {
    std::unordered_map<const StageDistribution*, std::size_t> numbers;  // by first appearance
    for (const StageDistribution* stage : known_) {
      const auto [entry, is_new] = numbers.emplace(stage, groups_.size());
      if (is_new) {
        groups_.push_back({kSpreadOfStage / std::sqrt(std::max(1, stage->samples)), 1});
      }
      group_of_.push_back(entry->second);
    }
  }

  // One of the samples above `past`, all alike; where it already runs longer than ever, a little
  // longer than that.
  double longer_than(const std::vector<double>& sorted, double past) {
    constexpr double kOverdue = 1.1;
    if (sorted.empty()) {
      return past;
    }
    const auto first =
        past > 0 ? std::upper_bound(sorted.begin(), sorted.end(), past) : sorted.begin();
    const auto left = static_cast<std::uint64_t>(sorted.end() - first);
    if (left == 0) {
      return past * kOverdue;
    }
    // (the high half times the number left: a bounded draw without a division; Lemire 2019)
    const std::uint64_t index = ((random_() >> 32U) * left) >> 32U;
    return *(first + static_cast<std::ptrdiff_t>(index));
  }

  const ReplayInput& input_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::vector<const StageDistribution*> known_;
  std::vector<std::size_t> group_of_;
  std::vector<Group> groups_;
  double pace_ = 1;
};

// The share of what is left that was seen before.
double known_share(const ReplayInput& input, const std::vector<const StageDistribution*>& known) {
  double seen = 0;
  double left = 0;
  for (std::size_t task = 0; task < known.size(); ++task) {
    if (task_state(input, task).state != ReplayTask::State::done) {
      left += 1;
      seen += known[task]->samples > 0 ? 1 : 0;
    }
  }
  return left > 0 ? seen / left : 1;
}

}  // namespace

Nanos replay_once(const ReplayInput& input,
                  std::span<const double> durations,
                  std::vector<Nanos>* finish_at) {
  if (finish_at != nullptr) {
    finish_at->assign(at(input.graph.size()), Nanos{0});
  }
  return Replayer(input).run(durations, finish_at);
}

RemainingEstimate estimate_remaining(const ReplayInput& input,
                                     const std::vector<std::string_view>& keys,
                                     const DurationModel& model,
                                     int replays) {
  RemainingEstimate estimate;
  if (model.empty()) {
    return estimate;
  }
  Drawer drawer(input, keys, model);
  Replayer replayer(input);
  std::vector<double> durations(keys.size(), 0);
  std::vector<Nanos> spans;
  for (int i = 0; i < std::max(replays, 1); ++i) {
    drawer.draw(durations);
    spans.push_back(replayer.run(durations, nullptr));
  }
  std::sort(spans.begin(), spans.end());
  const auto quantile = [&spans](double share) {
    return spans[static_cast<std::size_t>(
        std::lround(share * static_cast<double>(spans.size() - 1)))];
  };
  estimate.expected = quantile(0.5);
  estimate.p10 = quantile(0.1);
  estimate.p90 = quantile(0.9);
  estimate.runs = model.runs();
  estimate.confidence =
      known_share(input, drawer.known()) * estimate.runs / static_cast<double>(estimate.runs + 1);
  return estimate;
}

}  // namespace headway
