// DeadlineHeap: at most one point of time for each task, the earliest first. Knows nothing of what
// is due.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace headway {

// A binary heap that knows where each task stands in it, so that setting and dropping any deadline
// costs O(log n). Ties by task. Not synchronised.
class DeadlineHeap {
 public:
  DeadlineHeap() = default;
  explicit DeadlineHeap(int tasks);

  // Gives the task this deadline instead of the one it may have.
  void set(int task, Nanos at);
  void drop(int task) noexcept;  // no effect where it has none
  std::optional<Nanos> earliest() const noexcept;
  std::optional<Nanos> of(int task) const noexcept;  // nothing where it has none
  // Takes the earliest off where it is due at `now`; -1 where none is.
  int pop_due(Nanos now) noexcept;

 private:
  struct Entry {
    Nanos at{};
    std::int32_t task = 0;
  };
  static bool before(const Entry& a, const Entry& b) noexcept;
  void put(std::size_t position, Entry entry) noexcept;
  void sift_up(std::size_t position, Entry entry) noexcept;
  void sift_down(std::size_t position, Entry entry) noexcept;
  void remove_at(std::size_t position) noexcept;

  std::vector<Entry> heap_;
  std::vector<std::int32_t> position_;  // by task; -1: no deadline
};

}  // namespace headway
