// RingDrain: moves the entries of a ring file into the log, whole batches of lines at once. Knows
// nothing of threads.
#pragma once

#include "logging/line_buffer.hpp"
#include "logging/log_file.hpp"
#include "logging/plain_entry.hpp"
#include "logging/ring_file.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace headway {

// What a batch came to.
struct DrainedBatch {
  std::size_t bytes = 0;     // of the rings, now free; 0: there was nothing
  std::int64_t records = 0;  // that were in them
  std::int64_t lost = 0;     // of these, not written whole to each of their files
};

// A part of one segment that goes out at once.
struct RingCursor {
  RingSegment* segment;
  std::uint64_t at, end;
  std::int64_t last_monotonic_ns;
};

// Entries that go out together, and their lines.
struct RingBatch {
  std::vector<RingCursor> cursors{};
  ClockPoint earlier{}, later{};  // its line of time
  std::int64_t first_seq = 0, records = 0;
  std::size_t bytes = 0;  // of the rings
  LineBuffer json{}, text{};
};

// The one who drains a ring file: its owner, or whoever took it over. A batch is noted in the file
// before it is written and after, so that the next one who takes the file over knows which lines
// to look for: each record gets into the log once. While one thread writes a batch, another one may
// prepare the next; each for one thread at a time.
class RingDrain {
 public:
  // A null file: records are not for it.
  RingDrain(std::shared_ptr<RingFile> ring,
            std::shared_ptr<LogFile> structured,
            std::shared_ptr<LogFile> details);

  // Chooses and renders what is there now and not prepared yet, but no more than about 64 KiB of
  // the rings; in the order of the records' times. False: nothing is there, or as many batches wait
  // to be written as may.
  bool prepare();
  bool has_prepared() const noexcept { return prepared_.load() != written_.load(); }
  // The lines of the batch that has waited longest go to their files' ends. Nothing waits: zero.
  DrainedBatch write_prepared();

  // Both.
  DrainedBatch drain_batch() {
    prepare();
    return write_prepared();
  }

  // Of a file that was taken over: ends the batch in which its drainer died, if any. From then on
  // a batch that could not be written stays in the rings, as one that was cut off.
  DrainedBatch resume();

  RingFile& ring() noexcept { return *ring_; }

 private:
  // One that is written and one that is prepared.
  static constexpr std::uint64_t kBatches = 2;

  // How far a segment is prepared.
  struct Front {
    std::uint64_t end = 0;
    std::int64_t last_monotonic_ns = 0;
  };

  bool choose(RingBatch& batch);
  void limit(RingCursor& cursor, std::size_t most, std::int64_t& records) const;
  void render(RingBatch& batch);
  void append_entry(RingBatch& batch,
                    const char* entry,
                    const EntryStamp& stamp,
                    const RingSegment& segment);
  void set_timeline(RingBatch& batch);
  void describe(const RingBatch& batch);
  void close(const RingBatch& batch);
  std::int64_t take_seqs(std::int64_t count);

  std::shared_ptr<RingFile> ring_;
  std::shared_ptr<LogFile> structured_, details_;
  EntryRenderer renderer_;
  ClockPoint last_point_, newest_point_;
  std::map<RingSegment*, Front> fronts_;
  std::array<RingBatch, kBatches> batches_;
  std::atomic<std::uint64_t> prepared_{0}, written_{0};  // since it was made
  bool keeps_failed_ = false;
  bool same_boot_ = true;  // its ticks and ours count from one moment
};

// Drains what dead processes have left in rings beside the log `anchor`, and removes these rings.
// Returns how many records that were. Several processes may do so at once: who finds another one
// at it waits until that one is done, for 2 s at most. What fails stays for the next one.
std::int64_t recover_rings(const std::string& anchor);

}  // namespace headway
