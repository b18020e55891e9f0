// Growing, arranging and destroying the sequence of callables. Knows nothing of an order among
// them.
#include "execution/task_bodies.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace headway {

TaskBodies::TaskBodies(TaskBodies&& other) noexcept {
  *this = std::move(other);
}

TaskBodies& TaskBodies::operator=(TaskBodies&& other) noexcept {
  if (this != &other) {
    destroy();
    blocks_ = std::exchange(other.blocks_, {});
    offsets_ = std::exchange(other.offsets_, {});
    used_ = std::exchange(other.used_, 0);
    pending_ = std::exchange(other.pending_, 0);
    arranged_ = std::exchange(other.arranged_, nullptr);
    arranged_bytes_ = std::exchange(other.arranged_bytes_, 0);
    are_plain_ = std::exchange(other.are_plain_, true);
    needs_destroy_ = std::exchange(other.needs_destroy_, false);
  }
  return *this;
}

TaskBodies::~TaskBodies() {
  destroy();
}

void* TaskBodies::place(const TaskBodyOps& ops) {
  static_assert(kHeaderBytes + kInlineTaskBytes + kGrain <= kBlockBytes);
  constexpr std::size_t kBlockGrains = kBlockBytes / kGrain;
  const std::size_t grains = (kHeaderBytes + ops.bytes + kGrain - 1) / kGrain;
  std::size_t start = used_;
  if (start % kBlockGrains + grains > kBlockGrains || start / kBlockGrains == blocks_.size()) {
    start = blocks_.size() * kBlockGrains;
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kBlockBytes));
    used_ = start;
  }
  if (offsets_.size() == offsets_.capacity()) {
    offsets_.reserve(offsets_.size() * 2 + 16);  // so that commit() cannot fail
  }
  pending_ = grains;
  are_plain_ = are_plain_ && ops.relocate == nullptr;
  needs_destroy_ = needs_destroy_ || ops.destroy != nullptr;
  std::byte* const header = blocks_[start / kBlockGrains].get() + start % kBlockGrains * kGrain;
  const TaskBodyOps* const pointer = &ops;
  std::memcpy(header, &pointer, sizeof(pointer));
  return header + kHeaderBytes;
}

void TaskBodies::commit() noexcept {
  offsets_.push_back(static_cast<std::uint32_t>(used_));
  used_ += std::exchange(pending_, 0);
}

std::byte* TaskBodies::record(std::size_t number) const {
  const std::size_t offset = std::size_t{offsets_[number]} * kGrain;
  return arranged_ != nullptr ? arranged_ + offset
                              : blocks_[offset / kBlockBytes].get() + offset % kBlockBytes;
}

namespace {

const TaskBodyOps& ops_of(const std::byte* record) {
  const TaskBodyOps* ops = nullptr;
  std::memcpy(&ops, record, sizeof(ops));
  return *ops;
}

}  // namespace

TaskBodies TaskBodies::arrange(const std::vector<std::int32_t>& position) {
  TaskBodies made;
  if (are_plain_ && std::is_sorted(position.begin(), position.end())) {
    copy_blocks(made);
  } else {
    lay_out(made, position);
  }
  made.needs_destroy_ = needs_destroy_;
  offsets_.clear();  // what is left behind is bytes, not callables
  *this = TaskBodies();
  return made;
}

void TaskBodies::make_room(std::size_t grains) {
  used_ = grains;
  arranged_bytes_ = grains * kGrain;
  blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(arranged_bytes_));
  arranged_ = blocks_.back().get();
}

// The same order and the same gaps where a block was full.
void TaskBodies::copy_blocks(TaskBodies& made) const {
  made.offsets_ = std::vector<std::uint32_t>(offsets_.begin(), offsets_.end());
  made.make_room(used_);
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const std::size_t first = i * kBlockBytes;
    std::memcpy(made.arranged_ + first,
                blocks_[i].get(),
                std::min(kBlockBytes, made.arranged_bytes_ - first));
  }
}

void TaskBodies::lay_out(TaskBodies& made, const std::vector<std::int32_t>& position) const {
  made.offsets_.resize(size());
  // Sizes at their new places, then where each begins.
  for (std::size_t i = 0; i < size(); ++i) {
    const std::size_t bytes = kHeaderBytes + ops_of(record(i)).bytes;
    made.offsets_[static_cast<std::size_t>(position[i])] =
        static_cast<std::uint32_t>((bytes + kGrain - 1) / kGrain);
  }
  std::size_t grains = 0;
  for (std::uint32_t& offset : made.offsets_) {
    grains += std::exchange(offset, static_cast<std::uint32_t>(grains));
  }
  made.make_room(grains);
  for (std::size_t i = 0; i < size(); ++i) {
    std::byte* const from = record(i);
    std::byte* const to = made.record(static_cast<std::size_t>(position[i]));
    const TaskBodyOps& ops = ops_of(from);
    if (ops.relocate == nullptr) {
      std::memcpy(to, from, kHeaderBytes + ops.bytes);
    } else {
      std::memcpy(to, from, kHeaderBytes);
      ops.relocate(from + kHeaderBytes, to + kHeaderBytes);
    }
  }
}

std::size_t TaskBodies::bytes() const noexcept {
  const std::size_t held = arranged_ != nullptr ? arranged_bytes_ : blocks_.size() * kBlockBytes;
  return held + offsets_.capacity() * sizeof(offsets_[0]);
}

void TaskBodies::destroy() noexcept {
  if (!needs_destroy_) {
    return;
  }
  for (std::size_t i = 0; i < size(); ++i) {
    std::byte* const place = record(i);
    if (const TaskBodyOps& ops = ops_of(place); ops.destroy != nullptr) {
      ops.destroy(place + kHeaderBytes);
    }
  }
}

}  // namespace headway
