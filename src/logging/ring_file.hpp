// RingFile: the file beside a log through which its records pass on their way, so that they are
// there still when their process was killed. Knows nothing of what is in a record.
#pragma once

#include "base/mutex.hpp"
#include "base/unique_fd.hpp"
#include "headway/result.hpp"
#include "logging/fork_guard.hpp"
#include "logging/ring_layout.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Where the records of a ring file belong; absolute paths, empty: none.
struct RingDestination {
  std::string structured_path;
  std::string details_path;

  // The file beside which rings lie.
  const std::string& anchor() const {
    return structured_path.empty() ? details_path : structured_path;
  }
};

// The files of rings beside the log `anchor`, whoever they belong to: ".NAME.ring-PID-NUMBER".
std::vector<std::string> find_ring_files(const std::string& anchor);

// Mapped memory.
class Mapping {
 public:
  Mapping() = default;
  Mapping(void* address, std::size_t bytes) : address_(address), bytes_(bytes) {}
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&&) = delete;
  ~Mapping();
  void* address() const noexcept { return address_; }
  // Lets go of it without unmapping: it is not there (a forked child).
  void forget() noexcept { address_ = nullptr; }

 private:
  void* address_ = nullptr;
  std::size_t bytes_ = 0;
};

// A ring file of this process, or one of a dead process that this one has taken over. Its flock
// says that it is in use; no descriptor stays open (the mapping keeps the lock), no forked child
// has any of it (nor does its destructor touch anything there). Segments may be asked for from any
// thread; all else is for one thread at a time.
class RingFile {
 public:
  // Makes one. An error where the disk has no room, or mapped files are not to be trusted there
  // (network file systems; those that copy on write).
  static Result<std::shared_ptr<RingFile>> create(const RingDestination& destination);

  // Takes over the file of a dead process. Nothing: it is in use, or gone. A file that is no ring
  // is removed, and nothing.
  static Result<std::shared_ptr<RingFile>> take_over(const std::string& path);
  // Whether somebody who has taken it over is at it.
  static bool is_taken_over(const std::string& path);

  ~RingFile();
  RingFile(const RingFile&) = delete;
  RingFile& operator=(const RingFile&) = delete;

  RingControl& control() noexcept { return *control_; }
  const std::string& path() const noexcept { return path_; }
  RingDestination destination() const;
  // Whether its ticks count from the start of this boot of the machine.
  bool is_of_this_boot() const;

  // A segment more, all zero, or one that a thread gave back. Nothing: no room.
  RingSegment* acquire_segment() HEADWAY_EXCLUDES(mutex_);
  // Of a thread that ends. What is in it stays.
  void release_segment(RingSegment* segment) noexcept HEADWAY_EXCLUDES(mutex_);
  // Segments that some thread holds.
  int held_segments() HEADWAY_EXCLUDES(mutex_);

  // Calls `visit(segment)` for each.
  template <typename Visit>
  void for_each_segment(Visit visit) {
    const std::uint32_t count = segment_count_.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < count; ++i) {
      visit(*segments_[i]);
    }
  }

  // Takes the file away from its folder: it is empty, and nobody will write to it.
  void remove() noexcept;
  // Whether it was removed.
  bool is_closed() const noexcept { return closed_.load(std::memory_order_relaxed); }

 private:
  RingFile(std::string path, Mapping control);
  RingSegment* add_segment() HEADWAY_REQUIRES(mutex_);
  Result<void> map_all(int fd, std::int64_t bytes);

  const std::string path_;
  Mapping control_mapping_;
  RingControl* control_;
  std::array<RingSegment*, kMaxSegments> segments_{};
  std::atomic<std::uint32_t> segment_count_{0};
  const std::uint32_t generation_;
  std::atomic<bool> closed_{false};
  Mutex mutex_;
  std::vector<Mapping> mappings_ HEADWAY_GUARDED_BY(mutex_);
  std::vector<RingSegment*> free_ HEADWAY_GUARDED_BY(mutex_);
};

}  // namespace headway
