// Mutex and MutexLock that clang's -Wthread-safety understands. Nothing else.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define HEADWAY_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define HEADWAY_THREAD_ANNOTATION(x)
#endif
#define HEADWAY_GUARDED_BY(x) HEADWAY_THREAD_ANNOTATION(guarded_by(x))
#define HEADWAY_REQUIRES(x) HEADWAY_THREAD_ANNOTATION(requires_capability(x))
#define HEADWAY_EXCLUDES(x) HEADWAY_THREAD_ANNOTATION(locks_excluded(x))

namespace headway {

// std::mutex with the capability attribute.
class HEADWAY_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() HEADWAY_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  // Whether it was free, and is held now.
  bool try_lock() HEADWAY_THREAD_ANNOTATION(try_acquire_capability(true)) {
    return mutex_.try_lock();
  }
  void unlock() HEADWAY_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  // For std::condition_variable_any only.
  std::mutex& native() { return mutex_; }

 private:
  std::mutex mutex_;
};

// Holds a Mutex for a scope.
class HEADWAY_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) HEADWAY_THREAD_ANNOTATION(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() HEADWAY_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace headway
