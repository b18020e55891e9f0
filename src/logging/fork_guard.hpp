// ForkGuard: holds a mutex across fork(2), so that the child of a thread never finds it locked by a
// thread that it does not have. Knows nothing of what the mutex guards.
#pragma once

#include "base/mutex.hpp"

#include <atomic>
#include <cstdint>

namespace headway {

// How many forks lie between this process and the one that loaded the library: what was made under
// another number belongs to a parent.
extern std::atomic<std::uint32_t> fork_count;
inline std::uint32_t fork_generation() noexcept {
  return fork_count.load(std::memory_order_relaxed);
}

// In which order a fork takes the mutexes. A thread that holds one may take only those after it.
enum class ForkOrder { first, second, later };

// While it lives, every fork of the process takes `mutex` before and frees it after, in parent and
// child. A thread never holds two of one order.
class ForkGuard {
 public:
  explicit ForkGuard(Mutex& mutex, ForkOrder order = ForkOrder::later);
  ~ForkGuard();
  ForkGuard(const ForkGuard&) = delete;
  ForkGuard& operator=(const ForkGuard&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace headway
