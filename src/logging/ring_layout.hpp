// What lies in a ring file: a page about its owner, then one segment for each thread, which is a
// ring of entries. Knows nothing of what an entry says. Grammar: docs/design/logging.md.
#pragma once

#include "logging/log_ticks.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace headway {

inline constexpr std::uint64_t kRingMagic = 0x31474F4C59574448;  // "HDWYLOG1", little endian
inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::size_t kRingBytes = std::size_t{256} << 10;  // a power of two
inline constexpr std::size_t kMaxEntryBytes = kRingBytes / 4;
inline constexpr std::size_t kContextSlots = 8;
inline constexpr std::size_t kContextBytes = 968;
inline constexpr std::uint32_t kMaxSegments = 64;
inline constexpr std::size_t kEntryAlignment = 8;
// Readable bytes behind the last entry, so that it may be read in whole vectors.
inline constexpr std::size_t kRingSlack = 64;
// Readable bytes behind a context, likewise.
inline constexpr std::size_t kContextSlack = 32;

// The first bytes of each entry. Entries begin at multiples of 8 and never wrap.
struct EntryHead {
  std::uint32_t bytes;   // of the whole entry, a multiple of 8
  std::uint8_t kind;     // EntryKind, and kNotStructured, kNotDetails
  std::uint8_t level;    // LogLevel
  std::uint8_t context;  // the number of a ContextSlot
  std::uint8_t items;    // fields that follow
  std::uint64_t ticks;
  std::uint32_t tid;
  std::uint16_t place_bytes;
  std::uint16_t message_bytes;
};
static_assert(sizeof(EntryHead) == 24);

// Which format follows the head.
enum class EntryKind : std::uint8_t { pad = 0, plain = 1, rendered = 2 };

inline constexpr std::uint8_t kEntryKindMask = 0x0F;
inline constexpr std::uint8_t kNotStructured = 0x10;  // not for the structured file
inline constexpr std::uint8_t kNotDetails = 0x20;     // not for the details file

// A context, rendered once: its parts stand one after the other in `bytes`.
struct ContextSlot {
  std::uint16_t json_bytes;        // members of the record, each with a comma before it
  std::uint16_t attribute_bytes;   // members of "attr"
  std::uint16_t head_bytes;        // "logger [stage] "
  std::uint16_t text_field_bytes;  // " key=value"
  std::array<char, kContextBytes + kContextSlack> bytes;
};

// The ring of one thread. Positions count bytes since the beginning; modulo kRingBytes they are
// places in `data`. The owner writes `head`, whoever drains the rest of the atomics.
struct RingSegment {
  alignas(64) std::atomic<std::uint64_t> head;  // entries before it are whole
  alignas(64) std::atomic<std::uint64_t> tail;  // entries before it lie in the log
  std::atomic<std::uint64_t> batch_end;         // the tail when the batch under way is done
  std::atomic<std::int64_t> last_monotonic_ns;  // of the last record that was drained
  alignas(64) std::array<ContextSlot, kContextSlots> contexts;
  alignas(64) std::array<char, kRingBytes> data;
  std::array<char, kRingSlack> slack;
};

inline constexpr std::size_t kSegmentBytes =
    (sizeof(RingSegment) + kPageBytes - 1) / kPageBytes * kPageBytes;

// A file as it was before a batch went to its end.
struct FileMark {
  std::uint64_t device;
  std::uint64_t inode;
  std::int64_t bytes;
};

// How far the batch under way is.
enum class BatchState : std::uint32_t {
  none = 0,     // nothing is under way
  writing = 1,  // some of it may be in the files
  written = 2,  // all of it is; the tails are yet to be moved
};

// The first page. Written by the owner, and by the one who drains after its death.
struct RingControl {
  std::uint64_t magic;
  std::uint32_t segment_bytes;
  TickSource source;
  std::uint32_t pid;
  std::atomic<std::uint32_t> segments;
  std::array<char, 40> boot_id;  // of the boot that `ticks` count from
  ClockPoint earlier, later;     // the timeline of the batch under way
  std::atomic<BatchState> batch;
  std::uint32_t drainer;   // the process that has taken it over; 0: none
  std::int64_t first_seq;  // of the batch under way
  std::atomic<std::int64_t> next_seq;
  FileMark structured_mark, details_mark;
  std::array<char, 1600> structured_path;  // absolute, with a NUL; empty: none
  std::array<char, 1600> details_path;
};
static_assert(sizeof(RingControl) <= kPageBytes);

}  // namespace headway
