// RingDrain: moves the entries of a ring file into the log, whole batches of lines at once. Knows
// nothing of threads.
#pragma once

#include "logging/line_buffer.hpp"
#include "logging/log_file.hpp"
#include "logging/plain_entry.hpp"
#include "logging/ring_file.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace headway {

// What a batch came to.
struct DrainedBatch {
  std::size_t bytes = 0;     // of the rings, now free; 0: there was nothing
  std::int64_t records = 0;  // that were in them
  std::int64_t lost = 0;     // of these, not written whole to each of their files
};

// The one who drains a ring file: its owner, or whoever took it over. A batch is noted in the file
// before it is written and after, so that the next one who takes the file over knows which lines
// to look for: each record gets into the log once. For one thread at a time.
class RingDrain {
 public:
  // A null file: records are not for it.
  RingDrain(std::shared_ptr<RingFile> ring,
            std::shared_ptr<LogFile> structured,
            std::shared_ptr<LogFile> details);

  // What is there now, but no more than about 64 KiB of the rings; in the order of the records'
  // times. The lines go to their files' ends.
  DrainedBatch drain_batch();

  // Of a file that was taken over: ends the batch in which its drainer died, if any. From then on
  // a batch that could not be written stays in the rings, as one that was cut off.
  DrainedBatch resume();

  // Gives the memory of buffers back.
  void rest();

  RingFile& ring() noexcept { return *ring_; }

 private:
  // A part of one segment that is being read.
  struct Cursor {
    RingSegment* segment;
    std::uint64_t at, end;
    std::int64_t last_monotonic_ns;
  };

  std::int64_t open_batch();
  void limit(Cursor& cursor, std::size_t most, std::int64_t& records) const;
  const char* peek(Cursor& cursor) const;
  const char* next_entry(Cursor*& of);
  void render(const LogTimeline& timeline, std::int64_t first_seq);
  void append_entry(const char* entry, const EntryStamp& stamp, const RingSegment& segment);
  void set_timeline();
  void close_batch();
  std::int64_t take_seqs(std::int64_t count);

  std::shared_ptr<RingFile> ring_;
  std::shared_ptr<LogFile> structured_, details_;
  EntryRenderer renderer_;
  ClockPoint last_point_;
  std::vector<Cursor> cursors_;
  LineBuffer json_, text_;
  bool keeps_failed_ = false;
  bool same_boot_ = true;  // its ticks and ours count from one moment
};

// Drains what dead processes have left in rings beside the log `anchor`, and removes these rings.
// Returns how many records that were. Several processes may do so at once: who finds another one
// at it waits until that one is done, for 2 s at most. What fails stays for the next one.
std::int64_t recover_rings(const std::string& anchor);

}  // namespace headway
