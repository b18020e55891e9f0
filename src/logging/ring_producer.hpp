// RingProducer: the end of a ring that its thread writes to. Knows nothing of what is in an entry.
#pragma once

#include "logging/ring_layout.hpp"

#include <array>
#include <cstring>

namespace headway {

// Fills one segment. For one thread.
class RingProducer {
 public:
  explicit RingProducer(RingSegment& segment) noexcept
      : segment_(&segment),
        head_(segment.head.load(std::memory_order_relaxed)),
        tail_(segment.tail.load(std::memory_order_acquire)) {
    context_uses_.fill(head_);
  }

  // Where an entry of `bytes` (a multiple of 8, at most a quarter of the ring) is to be written;
  // null: there is no room yet.
  char* reserve(std::size_t bytes) noexcept {
    const std::size_t at = head_ & (kRingBytes - 1);
    const std::size_t to_end = kRingBytes - at;
    if (to_end >= bytes && head_ + bytes - tail_ <= kRingBytes) {
      return segment_->data.data() + at;
    }
    return reserve_slowly(bytes);
  }

  // Shows the entry to those who drain.
  void publish(std::size_t bytes) noexcept {
    head_ += bytes;
    segment_->head.store(head_, std::memory_order_release);
    // Who drained has these lines in its cache: they are fetched back before they are needed.
    const char* const next = segment_->data.data() + (head_ & (kRingBytes - 1));
    prefetch_to_write(next);
    prefetch_to_write(next + kLine);
    prefetch_to_write(next + 2 * kLine);
  }

  // Bytes that wait to be drained, as far as this end knows.
  std::size_t waiting() const noexcept { return static_cast<std::size_t>(head_ - tail_); }
  std::size_t refresh_waiting() noexcept {
    tail_ = segment_->tail.load(std::memory_order_acquire);
    return waiting();
  }

  // The entry about to be published uses that context.
  void use_context(std::size_t slot) noexcept { context_uses_[slot] = head_ + 1; }
  // A slot that no waiting entry uses, to be filled; null: none.
  ContextSlot* free_context(std::size_t& slot) noexcept {
    tail_ = segment_->tail.load(std::memory_order_acquire);
    for (std::size_t tried = 0; tried < kContextSlots; ++tried) {
      next_context_ = (next_context_ + 1) % kContextSlots;
      if (context_uses_[next_context_] <= tail_) {
        slot = next_context_;
        return &segment_->contexts[slot];
      }
    }
    return nullptr;
  }

  RingSegment& segment() const noexcept { return *segment_; }

 private:
  static constexpr std::size_t kLine = 64;

  // (The builtin asks for a line to read unless the compiler may assume a newer processor; where
  // this instruction is not known it does nothing.)
  static void prefetch_to_write(const char* line) noexcept {
#if defined(__x86_64__)
    asm volatile("prefetchw %0" : : "m"(*line));
#else
    __builtin_prefetch(line, 1);
#endif
  }

  char* reserve_slowly(std::size_t bytes) noexcept {
    tail_ = segment_->tail.load(std::memory_order_acquire);
    const std::size_t at = head_ & (kRingBytes - 1);
    const std::size_t to_end = kRingBytes - at;
    const std::size_t skipped = to_end < bytes ? to_end : 0;
    if (head_ + skipped + bytes - tail_ > kRingBytes) {
      return nullptr;
    }
    if (skipped > 0) {
      skip(at, skipped);
    }
    return segment_->data.data() + (head_ & (kRingBytes - 1));
  }

  // Nothing stands from here to the end of the ring.
  void skip(std::size_t at, std::size_t bytes) noexcept {
    const auto count = static_cast<std::uint32_t>(bytes);
    std::memcpy(segment_->data.data() + at, &count, sizeof count);
    segment_->data[at + offsetof(EntryHead, kind)] = static_cast<char>(EntryKind::pad);
    publish(bytes);
  }

  RingSegment* segment_;
  std::uint64_t head_;
  std::uint64_t tail_;                                       // as it was seen last
  std::array<std::uint64_t, kContextSlots> context_uses_{};  // slot is free when the tail is here
  std::size_t next_context_ = 0;
};

}  // namespace headway
