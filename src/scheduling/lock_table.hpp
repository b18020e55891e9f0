// LockTable: which locks are held, and who waits for which. Knows nothing of why a task wants a
// lock, nor of cpus and memory.
#pragma once

#include "scheduling/task_needs.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace headway {

// Exclusive locks of one run. A lock is busy while a task of this run holds it or somebody outside
// does. Waiters of a lock come out by rank (the smallest first). What never changes is shared by
// copies; nothing allocates after construction.
// Not synchronised.
class LockTable {
 public:
  LockTable() = default;
  explicit LockTable(const std::vector<TaskNeeds>& needs);

  // No task wants a lock.
  bool unused() const noexcept { return shape_ == nullptr; }
  int locks() const noexcept { return static_cast<int>(locks_.size()); }
  // What that task wants, ascending.
  std::span<const std::int32_t> wanted_by(int task) const noexcept;
  // The first lock it wants that is busy, or -1.
  int first_busy(int task) const noexcept;
  // Free, and somebody waits for it all the same.
  bool is_open(int lock) const noexcept;

  void take(int task) noexcept;
  void give(int task) noexcept;
  void set_elsewhere(int lock, bool busy);

  void add_waiter(int lock, int rank) noexcept;
  // The waiter with the smallest rank taken off, or -1.
  int take_waiter(int lock) noexcept;

 private:
  struct Shape {
    std::vector<std::int32_t> wanted_offsets, wanted;  // locks by task
    std::vector<std::int32_t> waiter_offsets;          // by lock: its slice of waiters_
  };
  struct Lock {
    std::int32_t held = 0;  // 1 while a task holds it (presets may make it more)
    std::int32_t waiting = 0;
    bool elsewhere = false;
  };
  bool busy(std::int32_t lock) const noexcept;
  std::int32_t* waiters_of(int lock) noexcept;

  std::shared_ptr<const Shape> shape_;
  std::vector<Lock> locks_;
  std::vector<std::int32_t> waiters_;  // a heap of ranks in each lock's slice
};

}  // namespace headway
