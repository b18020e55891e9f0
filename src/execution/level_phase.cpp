// Leading through the levels, sharing one, taking from each other. Knows nothing of what a task is.
#include "execution/level_phase.hpp"

#include "execution/spin_wait.hpp"

#include <algorithm>
#include <utility>

namespace headway {

namespace {

constexpr double kSpinNanoseconds = 15'000;

constexpr std::uint64_t pack(int first, int end) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(first)) << 32 |
         static_cast<std::uint32_t>(end);
}
constexpr int first_of(std::uint64_t range) {
  return static_cast<int>(range >> 32);
}
constexpr int end_of(std::uint64_t range) {
  return static_cast<int>(range & 0xffffffffU);
}

}  // namespace

LevelPhase::LevelPhase(const std::vector<std::int32_t>& level_first_of,
                       TaskRunner& runner,
                       WorkerChoice& choice,
                       WorkerTeam& team)
    : level_first_of_(level_first_of), runner_(runner), choice_(choice), team_(team) {}

void LevelPhase::prepare(int workers) {
  if (workers > made_lanes_) {
    lanes_ = std::make_unique<Lane[]>(static_cast<std::size_t>(workers));
    made_lanes_ = workers;
  }
  workers_ = workers;
  spin_ = static_cast<Ticks>(kSpinNanoseconds * ticks_per_nanosecond(false));
}

void LevelPhase::begin(int first_task) {
  next_ = first_task;
  opened_ = 0;
  is_active_.store(true, std::memory_order_release);
  const auto after = std::upper_bound(level_first_of_.begin(), level_first_of_.end(), first_task);
  level_ = static_cast<std::size_t>(after - level_first_of_.begin()) - 1;
}

void LevelPhase::leave() noexcept {
  is_active_.store(false, std::memory_order_release);
  epoch_.fetch_add(1, std::memory_order_acq_rel);
}

PhaseVerdict LevelPhase::lead(int worker) {
  const Step step = advance(worker);
  return step == Step::opened ? work(worker) : verdict_of(step);
}

PhaseVerdict LevelPhase::work(int worker) {
  Lane& lane = lane_of(worker);
  for (;;) {
    const std::uint32_t seen = epoch_.load(std::memory_order_acquire);
    if (!is_active_.load(std::memory_order_acquire)) {
      return PhaseVerdict::changed;
    }
    Ticks now = read_ticks();
    int ran = 0;
    do {
      ran += run_own_range(lane, now);
    } while (steal(worker));
    if (ran > 0 && left_.fetch_sub(ran, std::memory_order_acq_rel) == ran) {
      const Step step = advance(worker);
      if (step != Step::opened) {
        return verdict_of(step);
      }
    } else if (!wait_for_level(worker, seen)) {
      return PhaseVerdict::idle;
    }
  }
}

PhaseVerdict LevelPhase::verdict_of(Step step) noexcept {
  return step == Step::ended ? PhaseVerdict::ended : PhaseVerdict::handed;
}

// With the lead: runs what is not worth sharing, up to the next level that is.
LevelPhase::Step LevelPhase::advance(int worker) {
  if (opened_ > 0) {
    choice_.ran_shared(opened_, read_ticks() - opened_at_);
    opened_ = 0;
  }
  for (;;) {
    if (next_ == tasks()) {
      return Step::ended;
    }
    if (choice_.is_coarse()) {
      return Step::too_coarse;
    }
    const int end = end_of_piece();
    if (end == next_) {
      open_level(worker, level_first_of_[level_ + 1]);
      return Step::opened;
    }
    run_alone(end);
  }
}

// Up to where to run alone, whole levels or a part of one; next_ itself where a level should be
// shared. Moves level_ to the level of the answer.
int LevelPhase::end_of_piece() noexcept {
  const int limit = std::min(tasks() - next_, choice_.piece()) + next_;
  const int least_shared = choice_.least_shared();
  int end = next_;
  while (end < limit) {
    const int end_of_level = level_first_of_[level_ + 1];
    if (end_of_level - end >= least_shared) {
      break;
    }
    if (end_of_level > limit) {
      return limit;
    }
    end = end_of_level;
    ++level_;
  }
  return end;
}

void LevelPhase::run_alone(int end) {
  const Ticks start = read_ticks();
  const Ticks now = runner_.run_range(next_, end, start);
  choice_.ran_alone(end - next_, now - start);
  next_ = end;
}

// All of it becomes this worker's own range, from which the others take. Once it is there, the lead
// may be another's.
void LevelPhase::open_level(int worker, int end) {
  const bool should_invite = team_.has_absent() && choice_.pays_to_wake(tasks() - next_);
  opened_ = end - next_;
  opened_at_ = read_ticks();
  chunk_.store(choice_.chunk(), std::memory_order_relaxed);
  left_.store(opened_, std::memory_order_relaxed);
  const int first = std::exchange(next_, end);
  ++level_;
  lane_of(worker).range.store(pack(first, end), std::memory_order_release);
  epoch_.fetch_add(1, std::memory_order_acq_rel);
  if (should_invite) {
    team_.invite(workers_);
  }
}

// Takes from the front, a chunk at a time: others take from the end.
int LevelPhase::run_own_range(Lane& lane, Ticks& now) {
  int ran = 0;
  std::uint64_t range = lane.range.load(std::memory_order_acquire);
  while (first_of(range) < end_of(range)) {
    const int first = first_of(range);
    const int end = std::min(first + chunk_.load(std::memory_order_relaxed), end_of(range));
    if (lane.range.compare_exchange_weak(
            range, pack(end, end_of(range)), std::memory_order_acq_rel)) {
      now = runner_.run_range(first, end, now);
      ran += end - first;
      range = lane.range.load(std::memory_order_acquire);
    }
  }
  return ran;
}

// Makes the rear half of another's range, one task at least, this worker's own. Only its owner puts
// tasks into a range, and numbers only rise while a level is open: what was read before cannot come
// back with another meaning.
bool LevelPhase::steal(int worker) {
  for (int i = 1; i < workers_; ++i) {
    Lane& victim = lane_of((worker + i) % workers_);
    std::uint64_t range = victim.range.load(std::memory_order_acquire);
    while (first_of(range) < end_of(range)) {
      const int middle = end_of(range) - (end_of(range) - first_of(range) + 1) / 2;
      if (victim.range.compare_exchange_weak(
              range, pack(first_of(range), middle), std::memory_order_acq_rel)) {
        lane_of(worker).range.store(pack(middle, end_of(range)), std::memory_order_release);
        return true;
      }
    }
  }
  return false;
}

bool LevelPhase::can_steal(int worker) const noexcept {
  for (int i = 1; i < workers_; ++i) {
    const std::uint64_t range =
        lane_of((worker + i) % workers_).range.load(std::memory_order_relaxed);
    if (first_of(range) < end_of(range)) {
      return true;
    }
  }
  return false;
}

// True when there is something to look at, false when it is time to sleep.
bool LevelPhase::wait_for_level(int worker, std::uint32_t seen) {
  constexpr int kStepsPerLook = 16;
  SpinWait wait(spin_);
  int steps = 0;
  do {
    if (epoch_.load(std::memory_order_acquire) != seen ||
        (++steps % kStepsPerLook == 0 && can_steal(worker))) {
      return true;
    }
  } while (wait.step());
  return false;
}

}  // namespace headway
