// Runs, and the passing of the lead between phases. Knows nothing of names.
#include "execution/graph_engine.hpp"

#include "host/machine.hpp"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

namespace headway {

namespace {

// Asking reads some files, 40 to 190 us: once a process is enough.
int asked_workers(const GraphRunOptions& options) {
  if (options.workers > 0) {
    return options.workers;
  }
  static const int cpus = std::max(1, static_cast<int>(std::ceil(usable_cpus())));
  return cpus;
}

}  // namespace

GraphEngine::GraphEngine(const LevelOrder& order, TaskBodies bodies)
    : order_(order),
      runner_(std::move(bodies), order.graph),
      flow_(order.graph, runner_, choice_, team_),
      levels_(order.level_first_of, runner_, choice_, team_) {}

int GraphEngine::run(const GraphRunOptions& options) {
  runner_.begin(options.stop);
  const int tasks = order_.graph.size();
  const bool is_chain = order_.level_first_of.size() - 1 == static_cast<std::size_t>(tasks);
  const int workers = is_chain ? 1 : std::min({asked_workers(options), tasks, kMaxGraphWorkers});
  if (workers <= 1) {
    runner_.run_range(0, tasks, runner_.started_at());
    return 1;
  }
  run_shared(workers, options.use);
  return 1 + team_.helpers_seen();
}

void GraphEngine::run_shared(int workers, WorkerUse use) {
  choice_.begin(ChoiceLimits(ticks_per_nanosecond(false)), use == WorkerUse::all);
  flow_.prepare(workers);
  levels_.prepare(workers);
  team_.open(workers - 1);
  if (choice_.is_known() && !choice_.is_coarse()) {
    levels_.begin(0);
    phase_.store(Phase::levels, std::memory_order_release);
    pass_lead(Phase::levels, levels_.lead(0), 0);
  } else {
    start_flow(0, 0);
  }
  while (take_part(0)) {
    team_.sleep_as_caller();
  }
  team_.close();
}

void GraphEngine::help(int worker) {
  take_part(worker);
}

bool GraphEngine::has_work() const {
  return phase_.load(std::memory_order_acquire) == Phase::flow && flow_.has_ready();
}

// Works as long as there is something to do for this worker; false when the run is over.
bool GraphEngine::take_part(int worker) {
  for (;;) {
    const Phase phase = phase_.load(std::memory_order_acquire);
    if (phase == Phase::over) {
      return false;
    }
    const PhaseVerdict verdict = phase == Phase::flow ? flow_.work(worker) : levels_.work(worker);
    if (verdict == PhaseVerdict::idle) {
      return true;
    }
    if (verdict == PhaseVerdict::changed) {
      std::this_thread::yield();  // who has the lead is about to say what comes
    } else {
      pass_lead(phase, verdict, worker);
    }
  }
}

// What the worker does that came back from a phase with the lead: ends the run, or begins the other
// phase, until it comes back without the lead.
void GraphEngine::pass_lead(Phase from, PhaseVerdict verdict, int worker) {
  for (;;) {
    if (verdict == PhaseVerdict::ended) {
      phase_.store(Phase::over, std::memory_order_release);
      levels_.leave();
      team_.end_work();
      return;
    }
    if (verdict != PhaseVerdict::handed) {
      return;
    }
    if (from == Phase::levels) {
      levels_.leave();
      start_flow(levels_.first_task(), worker);
      return;
    }
    levels_.begin(flow_.first_task());  // what is done of the rest is marked
    phase_.store(Phase::levels, std::memory_order_release);
    from = Phase::levels;
    verdict = levels_.lead(worker);
  }
}

// The phase is told first: once it has begun others may end it, and the run, at once.
void GraphEngine::start_flow(int first_task, int worker) {
  phase_.store(Phase::flow, std::memory_order_release);
  flow_.begin(first_task, worker);
}

}  // namespace headway
