// Who holds and who waits. A slice for each lock is as long as the number of tasks that want it, so
// that waiting never allocates.
#include "scheduling/lock_table.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>

namespace headway {

namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

}  // namespace

LockTable::LockTable(const std::vector<TaskNeeds>& needs) {
  Shape shape;
  shape.wanted_offsets.push_back(0);
  int count = 0;
  for (const TaskNeeds& task : needs) {
    std::vector<std::int32_t> wanted(task.locks.begin(), task.locks.end());
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    count = wanted.empty() ? count : std::max(count, wanted.back() + 1);
    shape.wanted.insert(shape.wanted.end(), wanted.begin(), wanted.end());
    shape.wanted_offsets.push_back(static_cast<std::int32_t>(shape.wanted.size()));
  }
  if (count == 0) {
    return;
  }
  shape.waiter_offsets.assign(at(count) + 1, 0);
  for (const std::int32_t lock : shape.wanted) {
    ++shape.waiter_offsets[at(lock) + 1];
  }
  for (std::size_t i = 1; i < shape.waiter_offsets.size(); ++i) {
    shape.waiter_offsets[i] += shape.waiter_offsets[i - 1];
  }
  locks_.resize(at(count));
  waiters_.resize(shape.wanted.size());
  shape_ = std::make_shared<const Shape>(std::move(shape));
}

std::span<const std::int32_t> LockTable::wanted_by(int task) const noexcept {
  if (unused()) {
    return {};
  }
  const std::int32_t* wanted = shape_->wanted.data();
  return {wanted + shape_->wanted_offsets[at(task)], wanted + shape_->wanted_offsets[at(task) + 1]};
}

bool LockTable::busy(std::int32_t lock) const noexcept {
  return locks_[at(lock)].held > 0 || locks_[at(lock)].elsewhere;
}

int LockTable::first_busy(int task) const noexcept {
  for (const std::int32_t lock : wanted_by(task)) {
    if (busy(lock)) {
      return lock;
    }
  }
  return -1;
}

bool LockTable::is_open(int lock) const noexcept {
  return !busy(lock) && locks_[at(lock)].waiting > 0;
}

void LockTable::take(int task) noexcept {
  for (const std::int32_t lock : wanted_by(task)) {
    ++locks_[at(lock)].held;
  }
}

void LockTable::give(int task) noexcept {
  for (const std::int32_t lock : wanted_by(task)) {
    --locks_[at(lock)].held;
  }
}

void LockTable::set_elsewhere(int lock, bool busy) {
  if (lock >= 0 && lock < locks()) {
    locks_[at(lock)].elsewhere = busy;
  }
}

std::int32_t* LockTable::waiters_of(int lock) noexcept {
  return waiters_.data() + shape_->waiter_offsets[at(lock)];
}

void LockTable::add_waiter(int lock, int rank) noexcept {
  std::int32_t* const heap = waiters_of(lock);
  std::int32_t& count = locks_[at(lock)].waiting;
  heap[count++] = rank;
  std::push_heap(heap, heap + count, std::greater<>());
}

int LockTable::take_waiter(int lock) noexcept {
  std::int32_t& count = locks_[at(lock)].waiting;
  if (count == 0) {
    return -1;
  }
  std::int32_t* const heap = waiters_of(lock);
  std::pop_heap(heap, heap + count, std::greater<>());
  return heap[--count];
}

}  // namespace headway
