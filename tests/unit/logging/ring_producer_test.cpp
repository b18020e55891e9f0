// The end of a ring that is written to: room, wrapping, contexts.
#include "logging/ring_producer.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace headway {
namespace {

class RingProducerTest : public testing::Test {
 protected:
  // What a drainer does with all that is there.
  void drain() { segment_->tail.store(segment_->head.load()); }
  std::uint64_t head() const { return segment_->head.load(); }

  std::unique_ptr<RingSegment> segment_ = std::make_unique<RingSegment>();
  RingProducer producer_{*segment_};
};

TEST_F(RingProducerTest, shows_an_entry_when_it_is_published) {
  char* const first = producer_.reserve(64);
  EXPECT_EQ(first, segment_->data.data());
  EXPECT_EQ(head(), 0U);
  producer_.publish(64);
  EXPECT_EQ(head(), 64U);
  EXPECT_EQ(producer_.reserve(64), first + 64);
}

TEST_F(RingProducerTest, has_no_room_before_it_is_drained) {
  constexpr std::size_t kQuarter = kRingBytes / 4;
  for (int i = 0; i < 4; ++i) {
    ASSERT_NE(producer_.reserve(kQuarter), nullptr);
    producer_.publish(kQuarter);
  }
  EXPECT_EQ(producer_.reserve(8), nullptr);
  EXPECT_EQ(producer_.waiting(), kRingBytes);
  drain();
  EXPECT_EQ(producer_.reserve(8), segment_->data.data());
}

TEST_F(RingProducerTest, an_entry_never_wraps) {
  ASSERT_NE(producer_.reserve(kRingBytes - 24), nullptr);
  producer_.publish(kRingBytes - 24);
  drain();
  EXPECT_EQ(producer_.reserve(64), segment_->data.data());
  EXPECT_EQ(head(), kRingBytes);  // the rest of the ring is an entry that says nothing
  const char* const pad = segment_->data.data() + kRingBytes - 24;
  std::uint32_t bytes = 0;
  std::memcpy(&bytes, pad, sizeof bytes);
  EXPECT_EQ(bytes, 24U);
  EXPECT_EQ(pad[offsetof(EntryHead, kind)], static_cast<char>(EntryKind::pad));
}

TEST_F(RingProducerTest, a_context_is_not_replaced_while_an_entry_waits_that_uses_it) {
  std::size_t first = 0;
  ASSERT_NE(producer_.free_context(first), nullptr);
  ASSERT_NE(producer_.reserve(64), nullptr);
  producer_.use_context(first);
  producer_.publish(64);
  for (std::size_t i = 0; i < 2 * kContextSlots; ++i) {
    std::size_t slot = 0;
    ASSERT_NE(producer_.free_context(slot), nullptr);
    EXPECT_NE(slot, first);
  }
  drain();
  std::size_t slot = kContextSlots;
  for (std::size_t i = 0; i < kContextSlots && slot != first; ++i) {
    ASSERT_NE(producer_.free_context(slot), nullptr);
  }
  EXPECT_EQ(slot, first);
}

TEST_F(RingProducerTest, goes_on_where_another_thread_stopped) {
  ASSERT_NE(producer_.reserve(64), nullptr);
  producer_.publish(64);
  RingProducer next(*segment_);
  EXPECT_EQ(next.reserve(8), segment_->data.data() + 64);
  EXPECT_EQ(next.refresh_waiting(), 64U);
}

}  // namespace
}  // namespace headway
