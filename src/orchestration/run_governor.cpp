// See run_governor.hpp.
#include "orchestration/run_governor.hpp"

#include "orchestration/group_limits.hpp"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <utility>

namespace headway {
namespace {

// What the machine did is told so often; decisions are told when they are made.
constexpr Nanos kBetweenSampleEvents = std::chrono::seconds(5);

GovernorOptions options_for(const RunPlan& plan) {
  GovernorOptions options;
  options.follow_load = plan.is_automatic;
  options.workers.most_slots = std::max(1, plan.size());
  options.memory_bytes = plan.request.memory_bytes;
  options.workers.stage_cpus = stage_cpus(plan.needs);
  return options;
}

// Of the usable CPUs, since the look before; 0 where the machine does not tell.
double busy_share(const MachineLoad& load) {
  return load.idle_cpus ? std::clamp(1 - *load.idle_cpus / load.usable_cpus, 0.0, 1.0) : 0;
}

// A kill in the group counts for the machine too: one of the two is asked, the group where it
// tells.
std::int64_t kills_in(const ResourceSample& sample) {
  return sample.group_oom_kills.value_or(sample.machine_oom_kills.value_or(0));
}

}  // namespace

RunGovernor::RunGovernor(GovernedRun run, ResourceProbe* probe)
    : run_(run),
      probe_(probe),
      order_(static_cast<std::size_t>(run.plan.size())),
      was_killed_(static_cast<std::size_t>(run.plan.size())),
      slots_(run.plan.limits.slots) {}

int RunGovernor::start() {
  if (probe_ == nullptr) {
    return slots_;
  }
  kills_claimed_ = kills_seen_ = kills_in(probe_->sample());
  governor_.emplace(*probe_, options_for(run_.plan));
  const WorkerDecision decision = governor_->start(run_.emitter.elapsed());
  next_sample_event_ = kBetweenSampleEvents;
  if (run_.plan.is_automatic) {
    slots_ = decision.slots;
    run_.scheduler.set_slots(slots_);
    if (slots_ > std::max(1.0, std::round(run_.plan.limits.cpus))) {
      start_reason_ = decision.text;
    }
  }
  return slots_;
}

std::optional<Nanos> RunGovernor::next() const noexcept {
  return governor_ ? std::optional(governor_->next()) : std::nullopt;
}

bool RunGovernor::look(Nanos now) {
  if (!start_reason_.empty()) {
    run_.emitter.emit(JobsChanged{slots_, std::exchange(start_reason_, {})});
  }
  return governor_ && governor_->is_due(now) &&
         carry_out(now, governor_->look(now, work(), alive()));
}

WorkLoad RunGovernor::work() const {
  WorkLoad load;
  load.running = run_.scheduler.running();
  for (int task = 0; task < run_.plan.size(); ++task) {
    const TaskState state = run_.scheduler.state(task);
    if (state == TaskState::ready) {
      ++load.waiting;
    } else if (state == TaskState::running && !run_.scheduler.paused(task)) {
      load.running_cpus +=
          std::min(run_.plan.needs[static_cast<std::size_t>(task)].cpus, run_.plan.limits.cpus);
    }
  }
  return load;
}

std::vector<GuardedTask> RunGovernor::alive() const {
  std::vector<GuardedTask> tasks;
  for (int task = 0; task < run_.plan.size(); ++task) {
    if (run_.scheduler.state(task) == TaskState::running) {
      const auto index = static_cast<std::size_t>(task);
      tasks.push_back({.task = task,
                       .started = order_[index],
                       .bytes = run_.backend.memory_bytes(task),
                       .predicted_bytes = run_.plan.needs[index].memory_bytes});
    }
  }
  return tasks;
}

bool RunGovernor::carry_out(Nanos now, const Orders& orders) {
  kills_claimed_ = std::max(kills_claimed_, std::exchange(kills_seen_, kills_in(orders.sample)));
  if (orders.workers) {
    slots_ = orders.workers->slots;
    run_.scheduler.set_slots(slots_, orders.extra_cpus);
    run_.emitter.emit(JobsChanged{slots_, orders.workers->text});
  }
  const bool is_news = orders.workers || orders.memory.stop >= 0 || orders.memory.go_on >= 0 ||
                       orders.memory.admit != admits_;
  admits_ = orders.memory.admit;
  run_.scheduler.set_open(admits_);
  run_.scheduler.set_memory(orders.memory.budget_bytes);
  if (orders.memory.stop >= 0 && run_.scheduler.pause(now, orders.memory.stop)) {
    run_.backend.stop(orders.memory.stop);
    run_.emitter.emit(StagePaused{orders.memory.stop, "memory runs short: it must not grow now"});
  }
  if (orders.memory.go_on >= 0 && run_.scheduler.paused(orders.memory.go_on)) {
    run_.scheduler.go_on(now, orders.memory.go_on);
    run_.backend.go_on(orders.memory.go_on);
    run_.emitter.emit(StageContinued{orders.memory.go_on});
  }
  if (now >= next_sample_event_) {
    next_sample_event_ = now + kBetweenSampleEvents;
    run_.emitter.emit(ResourcesSampled{
        busy_share(orders.load), memory_room_bytes(orders.sample), run_.scheduler.running()});
  }
  return is_news;
}

void RunGovernor::ending(Nanos now, int task) {
  if (run_.scheduler.paused(task)) {
    run_.scheduler.go_on(now, task);
    run_.emitter.emit(StageContinued{task});
  }
}

// The one attempt more of a stage that was killed has the machine for itself, as far as the run
// may.
std::optional<std::int64_t> RunGovernor::group_limit(int task) const {
  const auto index = static_cast<std::size_t>(task);
  if (!run_.plan.grouped[index]) {
    return std::nullopt;
  }
  return was_killed_[index] ? 0
                            : stage_group_limit(run_.plan.request.memory_bytes,
                                                run_.plan.needs[index].memory_bytes);
}

bool RunGovernor::was_out_of_memory(const Exit& exit) {
  if (probe_ == nullptr || exit.start_failed) {
    return false;
  }
  bool was_killed = false;
  if (exit.oom_kills) {
    // Whichever of its processes it was, and whatever the others made of it.
    was_killed = *exit.oom_kills > 0 && exit.exit_code != 0;
    if (*exit.oom_kills > 0) {
      kills_claimed_ = std::max(kills_claimed_, kills_in(probe_->sample()));
    }
  } else {
    // The process that the kernel chose may have been a child: a shell tells that as 128 + 9.
    const bool looks_killed = exit.signal == SIGKILL || exit.exit_code == 128 + SIGKILL;
    was_killed = looks_killed && kills_in(probe_->sample()) > kills_claimed_;
    kills_claimed_ += was_killed ? 1 : 0;
  }
  if (was_killed) {
    was_killed_[static_cast<std::size_t>(exit.task)] = true;
  }
  return was_killed;
}

}  // namespace headway
