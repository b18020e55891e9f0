// TaskBodies: callables of any types side by side in memory. Knows nothing of an order among them.
#pragma once

#include "headway/task_body.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace headway {

// A sequence of callables, each behind a pointer to its operations. First it grows, in blocks that
// do not move; arrange() then lays it out in another order, side by side. Not synchronised, but
// invoke() of different callables may happen at once.
class TaskBodies {
 public:
  TaskBodies() = default;
  TaskBodies(TaskBodies&& other) noexcept;
  TaskBodies& operator=(TaskBodies&& other) noexcept;
  ~TaskBodies();

  // Room for a callable with these operations; asking again before commit() gives the same room
  // anew.
  void* place(const TaskBodyOps& ops);
  // The callable now stands in that room.
  void commit() noexcept;
  std::size_t size() const noexcept { return offsets_.size(); }

  // The same callables, number i at position[i], a permutation; this object is empty afterwards.
  TaskBodies arrange(const std::vector<std::int32_t>& position);

  // Calls one of an arranged sequence; what it throws comes out.
  void invoke(int number) const {
    std::byte* const record = arranged_ + offset_of(number);
    (*reinterpret_cast<const TaskBodyOps* const*>(record))->invoke(record + kHeaderBytes);
  }

  // Bytes held for bookkeeping and callables, for who counts them.
  std::size_t bytes() const noexcept;

 private:
  static constexpr std::size_t kHeaderBytes = sizeof(const TaskBodyOps*);
  static constexpr std::size_t kGrain = 8;  // offsets count these
  static constexpr std::size_t kBlockBytes = std::size_t{1} << 16;

  std::size_t offset_of(int number) const {
    return std::size_t{offsets_[static_cast<std::size_t>(number)]} * kGrain;
  }
  std::byte* record(std::size_t number) const;
  void make_room(std::size_t grains);
  void copy_blocks(TaskBodies& made) const;
  void lay_out(TaskBodies& made, const std::vector<std::int32_t>& position) const;
  void destroy() noexcept;

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::vector<std::uint32_t> offsets_;  // of each callable, blocks counted as if side by side
  std::size_t used_ = 0;                // grains, the ends of full blocks included
  std::size_t pending_ = 0;             // grains of the room that place() gave
  std::byte* arranged_ = nullptr;       // the only block, after arrange()
  std::size_t arranged_bytes_ = 0;
  bool are_plain_ = true;       // all may be moved by copying their bytes
  bool needs_destroy_ = false;  // some callable is not trivially destructible
};

}  // namespace headway
