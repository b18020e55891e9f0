// The handlers of pthread_atfork(3) and the list that they walk. Knows nothing of what is guarded.
#include "logging/fork_guard.hpp"

#include <pthread.h>

#include <algorithm>
#include <vector>

namespace headway {

std::atomic<std::uint32_t> fork_count{0};

namespace {

struct GuardedMutex {
  ForkOrder order;
  Mutex* mutex;
};

// All guarded mutexes, in the order in which a fork takes them. Never destroyed: a thread may fork
// while the program ends.
struct Guarded {
  Mutex list_mutex;
  std::vector<GuardedMutex> mutexes HEADWAY_GUARDED_BY(list_mutex);
};

Guarded& guarded() {
  static auto* const all = new Guarded;
  return *all;
}

void before_fork() HEADWAY_THREAD_ANNOTATION(no_thread_safety_analysis) {
  guarded().list_mutex.lock();
  for (const GuardedMutex& each : guarded().mutexes) {
    each.mutex->lock();
  }
}

void after_fork() HEADWAY_THREAD_ANNOTATION(no_thread_safety_analysis) {
  for (const GuardedMutex& each : guarded().mutexes) {
    each.mutex->unlock();
  }
  guarded().list_mutex.unlock();
}

void in_child() {
  fork_count.fetch_add(1, std::memory_order_relaxed);
  after_fork();
}

}  // namespace

ForkGuard::ForkGuard(Mutex& mutex, ForkOrder order) : mutex_(mutex) {
  static const int registered = pthread_atfork(before_fork, after_fork, in_child);
  static_cast<void>(registered);  // fails only without memory: then forks are as unsafe as before
  const MutexLock lock(guarded().list_mutex);
  auto& mutexes = guarded().mutexes;
  const auto comes_before = [](ForkOrder of, const GuardedMutex& each) { return of < each.order; };
  mutexes.insert(std::upper_bound(mutexes.begin(), mutexes.end(), order, comes_before),
                 {order, &mutex_});
}

ForkGuard::~ForkGuard() {
  const MutexLock lock(guarded().list_mutex);
  auto& mutexes = guarded().mutexes;
  std::erase_if(mutexes, [&](const GuardedMutex& each) { return each.mutex == &mutex_; });
}

}  // namespace headway
