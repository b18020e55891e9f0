// ThreadRings: the rings that the calling thread writes to, and what it knows by heart for them.
// Knows nothing of files.
#pragma once

#include "headway/logging.hpp"
#include "logging/fork_guard.hpp"
#include "logging/ring_file.hpp"
#include "logging/ring_producer.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// A context that this thread has put into a slot of its ring.
struct ThreadContext {
  std::uint64_t logger = 0;         // 0: none
  std::uint64_t changes = 0;        // of all contexts of the process, when it was rendered
  std::uint64_t scopes = 0;         // of this thread's scopes, likewise
  bool fits = false;                // it lies in the slot; else the caller renders
  std::vector<std::string> keys{};  // of its attributes
};

// Places in the source as they are written, by their pointer. A table that forgets.
class PlaceNames {
 public:
  // "logging/log_file.cpp:12"; empty: unknown, or too long for the table. Lives until the next
  // call.
  std::string_view name(const Place& place) {
    const auto hash = (reinterpret_cast<std::uintptr_t>(place.file) >> 4U) +
                      static_cast<std::uintptr_t>(place.line);
    Entry& entry = entries_[hash % kEntries];
    if (entry.file != place.file || entry.line != place.line) {
      fill(entry, place);
    }
    return {entry.text.data(), entry.bytes};
  }

 private:
  static constexpr std::size_t kEntries = 32;
  struct Entry {
    const char* file = nullptr;
    int line = 0;
    std::uint8_t bytes = 0;
    std::array<char, 51> text{};
  };
  static void fill(Entry& entry, const Place& place);

  std::array<Entry, kEntries> entries_{};
};

// Who moves on what lies in a ring.
class RingOwner {
 public:
  virtual ~RingOwner() = default;
  virtual std::uint64_t number() const noexcept = 0;  // one of its own
  virtual void flush() = 0;
};

// One ring of one thread. When the thread ends, what is in it is moved on at once: who waits for a
// thread finds its records in the files.
struct ThreadRing {
  ThreadRing(const std::shared_ptr<RingOwner>& its_owner,
             std::shared_ptr<RingFile> ring_file,
             RingSegment& segment);
  ~ThreadRing();
  ThreadRing(const ThreadRing&) = delete;
  ThreadRing& operator=(const ThreadRing&) = delete;

  const std::uint64_t owner_number;
  const std::uint32_t epoch;  // of ThreadRings
  const std::uint32_t tid;
  const TickSource source;
  std::size_t newest_context = 0;
  RingProducer producer;
  std::array<ThreadContext, kContextSlots> contexts{};
  PlaceNames places;
  const std::shared_ptr<RingFile> file;
  const std::weak_ptr<RingOwner> owner;
};

// All of it is about the calling thread.
class ThreadRings {
 public:
  // The ring for that owner; null: none yet. Rings of an earlier epoch are none.
  static ThreadRing* find(std::uint64_t owner) noexcept {
    ThreadRing* const last = last_;
    if (last != nullptr && last->owner_number == owner && last->epoch == epoch()) {
      return last;
    }
    return find_slowly(owner);
  }
  // Null: the thread is about to end.
  static ThreadRing* add(const std::shared_ptr<RingOwner>& owner,
                         std::shared_ptr<RingFile> file,
                         RingSegment& segment);

  // No thread uses a ring that it has now any more.
  static void begin_epoch() noexcept { epoch_.fetch_add(1, std::memory_order_relaxed); }
  // A fork ends an epoch, too: the rings are the parent's.
  static std::uint32_t epoch() noexcept {
    return epoch_.load(std::memory_order_relaxed) + (fork_generation() << 16U);
  }

 private:
  struct Owned;
  static ThreadRing* find_slowly(std::uint64_t owner) noexcept;

  static constinit thread_local ThreadRing* last_;
  static std::atomic<std::uint32_t> epoch_;
};

// The kernel's number of the calling thread. A system call.
std::uint32_t thread_number() noexcept;

}  // namespace headway
