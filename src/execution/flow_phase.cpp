// Counting needs down, queues, taking from others, and the end of it. Does not know where workers
// come from.
#include "execution/flow_phase.hpp"

#include "execution/spin_wait.hpp"

#include <algorithm>

namespace headway {

namespace {

constexpr double kSpinNanoseconds = 10'000;
constexpr int kSample = 256;  // tasks of one worker that tell what tasks cost
constexpr auto kRelaxed = std::memory_order_relaxed;

std::size_t at(int task) {
  return static_cast<std::size_t>(task);
}

}  // namespace

FlowPhase::FlowPhase(const CsrGraph& graph,
                     TaskRunner& runner,
                     WorkerChoice& choice,
                     WorkerTeam& team)
    : graph_(graph),
      runner_(runner),
      choice_(choice),
      team_(team),
      missing_(std::make_unique_for_overwrite<std::atomic<std::int32_t>[]>(at(graph.size()))) {}

void FlowPhase::prepare(int workers) {
  if (workers > made_lanes_) {
    lanes_ = std::make_unique<Lane[]>(at(workers));
    made_lanes_ = workers;
  }
  workers_ = workers;
  spin_ = static_cast<Ticks>(kSpinNanoseconds * ticks_per_nanosecond(false));
}

void FlowPhase::begin(int first_task, int worker) {
  first_task_ = first_task;
  count_needs(first_task);
  is_retiring_.store(false, kRelaxed);
  Lane& own = lane_of(worker);
  for (int i = 0; i < workers_; ++i) {
    Lane& lane = lane_of(i);
    const MutexLock lock(lane.mutex);
    lane.ready.clear();
    lane.first = 0;
    lane.size.store(0, kRelaxed);
    lane.tasks = 0;
    lane.ticks = 0;
  }
  int ready = 0;
  {
    const MutexLock lock(own.mutex);
    for (int task = graph_.size() - 1; task >= first_task; --task) {  // the first is taken first
      if (missing_[at(task)].load(kRelaxed) == 0) {
        push(own, task);
        ++ready;
      }
    }
  }
  {
    const MutexLock lock(mutex_);
    is_over_ = false;
  }
  if (ready > 1) {
    team_.invite(ready - 1);
  }
}

void FlowPhase::count_needs(int first_task) {
  const int count = graph_.size();
  if (first_task == 0) {
    for (int task = 0; task < count; ++task) {
      missing_[at(task)].store(graph_.in_degree(task), kRelaxed);
    }
    return;
  }
  for (int task = first_task; task < count; ++task) {
    missing_[at(task)].store(0, kRelaxed);
  }
  for (int task = first_task; task < count; ++task) {
    for (const int next : graph_.successors(task)) {
      missing_[at(next)].store(missing_[at(next)].load(kRelaxed) + 1, kRelaxed);
    }
  }
}

PhaseVerdict FlowPhase::work(int worker) {
  if (!enter()) {
    return PhaseVerdict::changed;
  }
  for (;;) {
    int task = find(worker);
    if (task < 0) {
      SpinWait wait(spin_);
      while (task < 0 && !is_retiring_.load(kRelaxed) && wait.step()) {
        task = find(worker);
      }
      if (task < 0) {
        return leave();
      }
    }
    run(worker, task);
  }
}

bool FlowPhase::enter() {
  const MutexLock lock(mutex_);
  if (is_over_) {
    return false;
  }
  ++busy_;
  return true;
}

// A worker that leaves has an empty queue, and only its owner fills a queue: when the last one has
// left, nothing is ready, so nothing is left.
PhaseVerdict FlowPhase::leave() {
  const MutexLock lock(mutex_);
  --busy_;
  if (busy_ > 0 || is_over_) {
    return PhaseVerdict::idle;
  }
  is_over_ = true;
  learn();
  return is_retiring_.load(kRelaxed) ? PhaseVerdict::handed : PhaseVerdict::ended;
}

void FlowPhase::learn() {
  int tasks = 0;
  Ticks ticks = 0;
  for (int i = 0; i < workers_; ++i) {
    tasks += lane_of(i).tasks;
    ticks += lane_of(i).ticks;
  }
  if (tasks > 0) {
    choice_.ran_anew(tasks, ticks);
  }
}

bool FlowPhase::has_ready() const noexcept {
  for (int i = 0; i < workers_; ++i) {
    if (lane_of(i).size.load(std::memory_order_seq_cst) > 0) {
      return true;
    }
  }
  return false;
}

// Runs a task, and then one after another that the last one made ready.
void FlowPhase::run(int worker, int task) {
  Ticks now = read_ticks();
  while (task >= 0) {
    const Ticks start = now;
    now = runner_.run_range(task, task + 1, now);
    runner_.mark_done(task);
    note(lane_of(worker), now - start);
    task = complete(worker, task, now);
  }
}

// Counts down who needs it. Of those that are ready now one comes back, the others go to the queue.
// Waking somebody takes longer than many a task: `now` moves over it.
int FlowPhase::complete(int worker, int task, Ticks& now) {
  Lane& lane = lane_of(worker);
  int kept = -1;
  int pushed = 0;
  for (const int next : graph_.successors(task)) {
    if (missing_[at(next)].fetch_sub(1, std::memory_order_acq_rel) > 1) {
      continue;
    }
    if (kept >= 0) {
      const MutexLock lock(lane.mutex);
      push(lane, kept);
      ++pushed;
    }
    kept = next;
  }
  if (is_retiring_.load(kRelaxed)) {
    return -1;  // the other phase finds by itself what is not done
  }
  if (call_for(pushed)) {
    now = read_ticks();
  }
  return kept;
}

// Wakes those that sleep and could take one of so many new tasks, if any. The fence: see
// has_absent().
bool FlowPhase::call_for(int pushed) {
  if (pushed <= 0) {
    return false;
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const bool should_invite = team_.has_absent();
  if (should_invite) {
    team_.invite(pushed);
  }
  return should_invite;
}

void FlowPhase::note(Lane& lane, Ticks elapsed) {
  if (lane.tasks == kSample) {
    lane.tasks = 0;
    lane.ticks = 0;
  }
  ++lane.tasks;
  lane.ticks += elapsed;
  if (lane.tasks == kSample && choice_.is_fine(lane.tasks, lane.ticks)) {
    is_retiring_.store(true, kRelaxed);
  }
}

void FlowPhase::push(Lane& lane, int task) {
  if (lane.first == lane.ready.size()) {
    lane.ready.clear();
    lane.first = 0;
  }
  lane.ready.push_back(task);
  lane.size.store(static_cast<int>(lane.ready.size() - lane.first), std::memory_order_release);
}

int FlowPhase::pop(Lane& lane) {
  if (lane.size.load(kRelaxed) == 0) {
    return -1;
  }
  const MutexLock lock(lane.mutex);
  if (lane.ready.size() == lane.first) {
    return -1;
  }
  const int task = lane.ready.back();
  lane.ready.pop_back();
  lane.size.store(static_cast<int>(lane.ready.size() - lane.first), std::memory_order_release);
  return task;
}

// Takes the older half of another's queue, one task at least, and gives the oldest back.
int FlowPhase::steal(int worker) {
  Lane& own = lane_of(worker);
  for (int i = 1; i < workers_; ++i) {
    Lane& victim = lane_of((worker + i) % workers_);
    if (victim.size.load(kRelaxed) == 0) {
      continue;
    }
    std::vector<int> taken;
    {
      const MutexLock lock(victim.mutex);
      const std::size_t count = (victim.ready.size() - victim.first + 1) / 2;
      const auto begin = victim.ready.begin() + static_cast<std::ptrdiff_t>(victim.first);
      taken.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
      victim.first += count;
      victim.size.store(static_cast<int>(victim.ready.size() - victim.first),
                        std::memory_order_release);
    }
    if (taken.empty()) {
      continue;
    }
    {
      const MutexLock lock(own.mutex);
      for (std::size_t k = taken.size() - 1; k > 0; --k) {
        push(own, taken[k]);
      }
    }
    call_for(static_cast<int>(taken.size()) - 1);
    return taken.front();
  }
  return -1;
}

int FlowPhase::find(int worker) {
  if (is_retiring_.load(kRelaxed)) {
    return -1;
  }
  const int task = pop(lane_of(worker));
  return task >= 0 ? task : steal(worker);
}

std::size_t FlowPhase::bytes() const noexcept {
  return sizeof(*this) + at(graph_.size()) * sizeof(std::int32_t);
}

}  // namespace headway
