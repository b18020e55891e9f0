// ForkGuard: holds a mutex across fork(2), so that the child of a thread never finds it locked by a
// thread that it does not have. Knows nothing of what the mutex guards.
#pragma once

#include "base/mutex.hpp"

namespace headway {

// While it lives, every fork of the process takes `mutex` before and frees it after, in parent and
// child. Two guarded mutexes must never be held at once by one thread.
class ForkGuard {
 public:
  explicit ForkGuard(Mutex& mutex);
  ~ForkGuard();
  ForkGuard(const ForkGuard&) = delete;
  ForkGuard& operator=(const ForkGuard&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace headway
