// LogPort: the way of finished records into their files, by a ring of the calling thread where
// there is one, else at once. Knows nothing of contexts, fields or levels.
#pragma once

#include "base/mutex.hpp"
#include "logging/fork_guard.hpp"
#include "logging/log_file.hpp"
#include "logging/log_renderer.hpp"
#include "logging/plain_entry.hpp"
#include "logging/ring_drain.hpp"
#include "logging/thread_rings.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace headway {

// The two files of a port; an empty path: none.
struct LogPortOptions {
  LogFileOptions structured, details;
};

// All loggers of one process that write to the same two files share one port. Its first records
// are written when they come, one write(2) each: most programs log little. From then on a thread
// puts its records into a ring (see ring_layout.hpp), and LogRenderer moves them on. Nothing that
// was handed over is lost at SIGKILL: it lies with the kernel either way. Safe from any thread, and
// in a forked child.
class LogPort final : public Drainable,
                      public RingOwner,
                      public std::enable_shared_from_this<LogPort> {
 public:
  // The port of these files: the one that is in use already, or a new one. Then what dead processes
  // have left in rings beside them is written first.
  static std::shared_ptr<LogPort> shared(const LogPortOptions& options);

  explicit LogPort(const LogPortOptions& options);
  ~LogPort() override;
  LogPort(const LogPort&) = delete;
  LogPort& operator=(const LogPort&) = delete;

  bool has_structured() const noexcept { return structured_ != nullptr; }
  bool has_details() const noexcept { return details_ != nullptr; }
  std::uint64_t number() const noexcept override { return number_; }

  // The calling thread's ring for its next record; null: write() is the way.
  ThreadRing* ring_of_thread() HEADWAY_EXCLUDES(mutex_);
  // As RingProducer::reserve; where the ring is full its thread drains it as the renderer does,
  // beside it, or waits.
  char* reserve(ThreadRing& ring, std::size_t bytes) HEADWAY_EXCLUDES(mutex_) {
    char* const place = ring.producer.reserve(bytes);
    return place != nullptr ? place : reserve_slowly(ring, bytes);
  }
  // Shows the entry that was written there, and wakes who drains where that is due.
  static void publish(ThreadRing& ring, std::size_t bytes) noexcept {
    ring.producer.publish(bytes);
    std::atomic_signal_fence(std::memory_order_seq_cst);  // first shown, then looked
    if (LogRenderer::sleeps_deeply() || ring.producer.waiting() > kWakeBytes) {
      wake_for(ring);
    }
  }

  // A record that its caller has rendered, with its time.
  void write(const RenderedRecord& record) HEADWAY_EXCLUDES(mutex_);
  TickSource tick_source() const noexcept { return source_; }

  // All that was handed over before lies in the files when it returns.
  void flush() override HEADWAY_EXCLUDES(mutex_);

  // Records that could not be written so far, by this process.
  std::int64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
  void count_dropped() noexcept { dropped_.fetch_add(1, std::memory_order_relaxed); }

  bool drain() noexcept override HEADWAY_EXCLUDES(mutex_);
  void drain_for_exit() noexcept override HEADWAY_EXCLUDES(mutex_);

 private:
  static constexpr std::size_t kWakeBytes = kRingBytes / 4;

  char* reserve_slowly(ThreadRing& ring, std::size_t bytes) HEADWAY_EXCLUDES(mutex_);
  bool help() HEADWAY_EXCLUDES(mutex_);
  static void wake_for(ThreadRing& ring) noexcept;
  std::shared_ptr<RingFile> ring_file() HEADWAY_EXCLUDES(mutex_);
  void make_ring() HEADWAY_REQUIRES(mutex_);
  void drop_ring() HEADWAY_REQUIRES(mutex_);
  void take_process() HEADWAY_REQUIRES(mutex_);
  DrainedBatch drain_one(std::unique_lock<Mutex> held);
  DrainedBatch write_prepared(RingDrain& drain) HEADWAY_REQUIRES(write_mutex_);
  void drain_batch() HEADWAY_REQUIRES(mutex_) HEADWAY_EXCLUDES(write_mutex_);
  void drain_all() HEADWAY_REQUIRES(mutex_) HEADWAY_EXCLUDES(write_mutex_);
  void write_now(const RenderedRecord& record) HEADWAY_REQUIRES(mutex_)
      HEADWAY_EXCLUDES(write_mutex_);

  const std::uint64_t number_;
  const TickSource source_ = headway::tick_source();
  const RingDestination destination_;
  const std::shared_ptr<LogFile> structured_, details_;
  std::atomic<std::int64_t> dropped_{0};
  std::atomic<std::uint32_t> generation_;
  std::atomic<std::int64_t> direct_records_{0};  // since the process began
  std::atomic<std::int64_t> next_try_;           // the number of them at which a ring is made
  Mutex mutex_;                                  // of what is there, and of preparing batches
  Mutex write_mutex_;  // of writing them; taken after the other one, or alone
  std::unique_ptr<RingDrain> drain_ HEADWAY_GUARDED_BY(mutex_);
  std::shared_ptr<RingFile> ring_ HEADWAY_GUARDED_BY(mutex_);
  ForkGuard fork_guard_{mutex_, ForkOrder::first};
  ForkGuard write_fork_guard_{write_mutex_, ForkOrder::second};
};

}  // namespace headway
