// The handlers of pthread_atfork(3) and the list that they walk. Knows nothing of what is guarded.
#include "logging/fork_guard.hpp"

#include <pthread.h>

#include <algorithm>
#include <vector>

namespace headway {

std::atomic<std::uint32_t> fork_count{0};

namespace {

// All guarded mutexes, in the order in which a fork takes them. Never destroyed: a thread may fork
// while the program ends.
struct Guarded {
  Mutex list_mutex;
  std::vector<Mutex*> mutexes HEADWAY_GUARDED_BY(list_mutex);
};

Guarded& guarded() {
  static auto* const all = new Guarded;
  return *all;
}

void before_fork() HEADWAY_THREAD_ANNOTATION(no_thread_safety_analysis) {
  guarded().list_mutex.lock();
  for (Mutex* mutex : guarded().mutexes) {
    mutex->lock();
  }
}

void after_fork() HEADWAY_THREAD_ANNOTATION(no_thread_safety_analysis) {
  for (Mutex* mutex : guarded().mutexes) {
    mutex->unlock();
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
  mutexes.insert(order == ForkOrder::first ? mutexes.begin() : mutexes.end(), &mutex_);
}

ForkGuard::~ForkGuard() {
  const MutexLock lock(guarded().list_mutex);
  auto& mutexes = guarded().mutexes;
  mutexes.erase(std::find(mutexes.begin(), mutexes.end(), &mutex_));
}

}  // namespace headway
