// Batches of a ring: prepared ahead of their writing, written in their order, each record once.
#include "logging/ring_drain.hpp"

#include "base/files.hpp"
#include "logging/context_text.hpp"
#include "logging/ring_producer.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

namespace headway {
namespace {

class RingDrainTest : public testing::Test {
 protected:
  RingDrainTest() : producer_(*file_->acquire_segment()) {
    std::size_t slot = 0;
    ContextSlot* const context = producer_.free_context(slot);
    EXPECT_TRUE(render_context_slot(*context, LogRecord(), nullptr));
    context_ = static_cast<std::uint8_t>(slot);
  }

  // False: the ring is full.
  bool put(int number) {
    char* const place = producer_.reserve(kRoom);
    if (place == nullptr) {
      return false;
    }
    PlainRecord record;
    record.message = "hello";
    record.place = "base/text.cpp:7";
    record.context = context_;
    record.ticks = read_ticks(file_->control().source);
    const Fields fields = {{"number", number}};
    record.fields = fields;
    producer_.use_context(context_);
    producer_.publish(write_plain_entry(place, kRoom, record));
    return true;
  }
  int fill(int from) {
    while (put(from)) {
      ++from;
    }
    return from;
  }

  // How many records the log has; they are 0, 1, 2, ... and their sequence numbers follow.
  int written_in_order() const {
    const std::string text = read_file(log_->path()).value_or("");
    int count = 0;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1, ++count) {
      const std::string line = text.substr(at, text.find('\n', at) - at);
      EXPECT_NE(line.find("\"seq\":" + std::to_string(count + 1) + ","), std::string::npos) << line;
      EXPECT_NE(line.find("\"number\":" + std::to_string(count) + "}"), std::string::npos) << line;
    }
    return count;
  }

  RingDrain& drain() { return *drain_; }
  // As if its process had been killed.
  void die() {
    drain_.reset();
    file_.reset();
  }
  std::int64_t recover() const { return recover_rings(log_->path()); }

 private:
  static constexpr std::size_t kRoom = 128;
  struct Log {
    TempFolder folder;
    std::string path() const { return folder / "a.jsonl"; }
  };

  std::unique_ptr<Log> log_ = std::make_unique<Log>();
  std::shared_ptr<RingFile> file_ = *RingFile::create({log_->path(), ""});
  std::unique_ptr<RingDrain> drain_ =
      std::make_unique<RingDrain>(file_, LogFile::shared({.path = log_->path()}), nullptr);
  RingProducer producer_;
  std::uint8_t context_ = 0;
};

TEST_F(RingDrainTest, prepares_some_batches_ahead_and_writes_them_in_order) {
  const int all = fill(0);
  EXPECT_FALSE(drain().has_prepared());
  int ahead = 0;
  while (drain().prepare()) {
    ++ahead;
  }
  EXPECT_EQ(ahead, 2) << "a quarter of the ring each, and a bound on what waits";
  EXPECT_EQ(written_in_order(), 0);
  while (drain().write_prepared().bytes > 0) {
  }
  EXPECT_FALSE(drain().has_prepared());
  const int first = written_in_order();
  EXPECT_GT(first, all / 3);
  EXPECT_LT(first, all * 2 / 3);
  while (drain().drain_batch().bytes > 0) {
  }
  EXPECT_EQ(written_in_order(), all);
}

TEST_F(RingDrainTest, room_in_the_ring_comes_with_the_writing_only) {
  const int all = fill(0);
  EXPECT_TRUE(drain().prepare());
  EXPECT_FALSE(put(all)) << "what is not in the log must stay in the ring";
  EXPECT_GT(drain().write_prepared().bytes, 0U);
  EXPECT_TRUE(put(all));
}

TEST_F(RingDrainTest, what_was_prepared_and_not_written_is_there_for_the_next_one) {
  const int all = fill(0);
  EXPECT_TRUE(drain().prepare());
  EXPECT_TRUE(drain().prepare());
  const std::int64_t written = drain().write_prepared().records;
  EXPECT_GT(written, 0);
  die();
  EXPECT_EQ(recover(), all - written);
  EXPECT_EQ(written_in_order(), all);
}

TEST_F(RingDrainTest, one_thread_may_prepare_while_another_writes) {
  constexpr int kRecords = 50'000;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    while (!done.load() || drain().has_prepared()) {
      drain().write_prepared();
    }
  });
  for (int number = 0; number < kRecords;) {
    number += put(number) ? 1 : 0;
    if (number % 100 == 0 || !drain().has_prepared()) {
      drain().prepare();
    }
  }
  while (drain().has_prepared() || drain().prepare()) {
  }
  done.store(true);
  writer.join();
  EXPECT_EQ(written_in_order(), kRecords);
}

}  // namespace
}  // namespace headway
