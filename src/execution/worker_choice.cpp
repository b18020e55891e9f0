// The thresholds and how they are used. Reads no clock.
#include "execution/worker_choice.hpp"

#include <algorithm>
#include <limits>

namespace headway {

namespace {

constexpr int kMostTasksOfPiece = 4096;
constexpr int kMostTasksOfChunk = 64;
constexpr double kChunksOfPiece = 20;
constexpr double kNewest = 0.25;  // weight of the newest measurement

}  // namespace

// Measured on two cores: two workers meet in 0.2 to 0.4 us, waking a thread takes its waker 2 to 5
// us and the thread 20 to 50 us.
ChoiceLimits::ChoiceLimits(double ticks_per_nanosecond)
    : share_level(1'500 * ticks_per_nanosecond),
      wake_worker(60'000 * ticks_per_nanosecond),
      fine_task(1'000 * ticks_per_nanosecond),
      coarse_task(2'000 * ticks_per_nanosecond),
      piece(10'000 * ticks_per_nanosecond),
      patience(200'000 * ticks_per_nanosecond),
      rest(5'000'000 * ticks_per_nanosecond),
      probe(2'000'000 * ticks_per_nanosecond) {}

void WorkerChoice::begin(const ChoiceLimits& limits, bool is_forced) {
  limits_ = limits;
  is_forced_ = is_forced;
}

void WorkerChoice::ran_alone(int tasks, Ticks elapsed) {
  const double sample = static_cast<double>(elapsed) / tasks;
  cost_ = is_known_ && !is_rough_ ? cost_ + kNewest * (sample - cost_) : sample;
  is_known_ = true;
  is_rough_ = false;
  rest_left_ = std::max(0.0, rest_left_ - static_cast<double>(elapsed));
  until_probe_ = limits_.probe;
}

void WorkerChoice::ran_anew(int tasks, Ticks elapsed) {
  cost_ = static_cast<double>(elapsed) / tasks;
  is_known_ = true;
  is_rough_ = true;
  until_probe_ = 0;
}

void WorkerChoice::ran_shared(int tasks, Ticks elapsed) {
  const double alone = cost_ * tasks;
  until_probe_ -= alone;
  balance_ = std::clamp(
      balance_ + alone - static_cast<double>(elapsed), -limits_.patience, limits_.patience);
  if (balance_ <= -limits_.patience) {
    rest_left_ = limits_.rest;
    balance_ = 0;
  }
}

bool WorkerChoice::is_fine(int tasks, Ticks elapsed) const noexcept {
  return static_cast<double>(elapsed) <= limits_.fine_task * tasks;
}

int WorkerChoice::least_shared() const noexcept {
  constexpr int kNone = std::numeric_limits<int>::max();
  if (is_forced_) {
    return 2;
  }
  if (rest_left_ > 0 || until_probe_ <= 0) {
    return kNone;
  }
  const double tasks = limits_.share_level / std::max(cost_, 1.0);
  return tasks < kNone ? std::max(2, static_cast<int>(tasks)) : kNone;
}

bool WorkerChoice::pays_to_wake(int tasks_left) const noexcept {
  return is_forced_ || cost_ * tasks_left >= limits_.wake_worker;
}

int WorkerChoice::piece() const noexcept {
  const double tasks = limits_.piece / std::max(cost_, 1.0);
  return static_cast<int>(std::clamp(tasks, 1.0, double{kMostTasksOfPiece}));
}

int WorkerChoice::chunk() const noexcept {
  const double tasks = limits_.piece / kChunksOfPiece / std::max(cost_, 1.0);
  return static_cast<int>(std::clamp(tasks, 1.0, double{kMostTasksOfChunk}));
}

}  // namespace headway
