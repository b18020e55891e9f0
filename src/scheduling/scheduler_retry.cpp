// The part of Scheduler for attempts that failed: whether there is another, and when.
#include "scheduling/scheduler.hpp"

#include <algorithm>
#include <cmath>

namespace headway {
namespace {

constexpr Nanos kLongestRetryDelay = std::chrono::hours(1);

// A number in [0, 1) that depends on nothing but its arguments (SplitMix64: Steele, Lea, Flood
// 2014), so that the order of events does not change the plan.
double draw(std::uint64_t seed, int task, int retry) {
  std::uint64_t z = seed + 0x9e3779b97f4a7c15U * (static_cast<std::uint64_t>(task) * 0x10001U +
                                                  static_cast<std::uint64_t>(retry));
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  z ^= z >> 31U;
  return static_cast<double>(z >> 11U) * 0x1p-53;
}

}  // namespace

// What ran out of memory gets one attempt more, in which nothing runs beside it.
bool Scheduler::may_retry(int task, const AttemptResult& result) {
  Task& run = task_of(task);
  const bool was_alone = run.runs_alone;
  if (result.out_of_memory && !was_alone) {
    run.runs_alone = true;
    admission_.run_alone(rank_of(task));
    return true;
  }
  const int extra = was_alone ? 1 : 0;
  return result.retryable && run.attempt <= needs_of(task).retries.max + extra;
}

Nanos Scheduler::retry_delay(int task, int retry) const {
  const RetryPolicy& policy = needs_of(task).retries;
  const double longest = static_cast<double>(kLongestRetryDelay.count());
  double delay = static_cast<double>(policy.delay.count()) * std::pow(policy.backoff, retry - 1);
  delay = delay < longest ? std::max(delay, 0.0) : longest;  // (NaN and infinity become an hour)
  delay *= 1 - std::clamp(policy.jitter, 0.0, 1.0) * draw(limits_.seed, task, retry);
  return Nanos(static_cast<Nanos::rep>(delay));
}

}  // namespace headway
