// The heap of deadlines, with every task's place in it. Reads no clock.
#include "scheduling/deadline_heap.hpp"

namespace headway {

DeadlineHeap::DeadlineHeap(int tasks) : position_(static_cast<std::size_t>(tasks), -1) {}

bool DeadlineHeap::before(const Entry& a, const Entry& b) noexcept {
  return a.at != b.at ? a.at < b.at : a.task < b.task;
}

void DeadlineHeap::put(std::size_t position, Entry entry) noexcept {
  heap_[position] = entry;
  position_[static_cast<std::size_t>(entry.task)] = static_cast<std::int32_t>(position);
}

void DeadlineHeap::sift_up(std::size_t position, Entry entry) noexcept {
  while (position > 0) {
    const std::size_t parent = (position - 1) / 2;
    if (!before(entry, heap_[parent])) {
      break;
    }
    put(position, heap_[parent]);
    position = parent;
  }
  put(position, entry);
}

void DeadlineHeap::sift_down(std::size_t position, Entry entry) noexcept {
  for (;;) {
    std::size_t child = 2 * position + 1;
    if (child >= heap_.size()) {
      break;
    }
    if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) {
      ++child;
    }
    if (!before(heap_[child], entry)) {
      break;
    }
    put(position, heap_[child]);
    position = child;
  }
  put(position, entry);
}

void DeadlineHeap::remove_at(std::size_t position) noexcept {
  position_[static_cast<std::size_t>(heap_[position].task)] = -1;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (position == heap_.size()) {
    return;
  }
  if (position > 0 && before(last, heap_[(position - 1) / 2])) {
    sift_up(position, last);
  } else {
    sift_down(position, last);
  }
}

void DeadlineHeap::set(int task, Nanos at) {
  drop(task);
  heap_.emplace_back();
  sift_up(heap_.size() - 1, Entry{at, task});
}

void DeadlineHeap::drop(int task) noexcept {
  const std::int32_t position = position_[static_cast<std::size_t>(task)];
  if (position >= 0) {
    remove_at(static_cast<std::size_t>(position));
  }
}

std::optional<Nanos> DeadlineHeap::of(int task) const noexcept {
  const std::int32_t position = position_[static_cast<std::size_t>(task)];
  return position < 0 ? std::nullopt : std::optional(heap_[static_cast<std::size_t>(position)].at);
}

std::optional<Nanos> DeadlineHeap::earliest() const noexcept {
  return heap_.empty() ? std::nullopt : std::optional<Nanos>(heap_.front().at);
}

int DeadlineHeap::pop_due(Nanos now) noexcept {
  if (heap_.empty() || heap_.front().at > now) {
    return -1;
  }
  const int task = heap_.front().task;
  remove_at(0);
  return task;
}

}  // namespace headway
