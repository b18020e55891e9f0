// LogDigest: what is remembered of a log after one look at every line, in bounded memory: the
// records of those lines that an explanation may need. Knows no model and no rule.
#pragma once

#include "diagnostics/line_record.hpp"
#include "diagnostics/line_signals.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace headway {

// How often each kind of line stood in a log. A kind is a hash; different kinds may share a
// counter.
class KindCounts {
 public:
  KindCounts() : counts_(kCounters, 0) {}
  // How often it was there before; counts it.
  std::uint16_t add(std::uint32_t kind) noexcept;
  std::uint16_t of(std::uint32_t kind) const noexcept;

 private:
  static constexpr std::size_t kCounters = std::size_t{1} << 19U;
  std::vector<std::uint16_t> counts_;
};

// Feed it every line. Keeps the first kKeptHead and the last kKeptTail lines, and of those between
// what stands near a sign of failure, kKeptMiddle at most. At most some 10 MB. Not synchronised.
class LogDigest {
 public:
  static constexpr std::size_t kKeptHead = 40'000;
  static constexpr std::size_t kKeptMiddle = 40'000;
  static constexpr std::size_t kKeptTail = 50'000;

  void add(const LogLine& line, const RawRange& raw);
  // The records kept, in order. Call it once, after the last line.
  std::vector<LineRecord> take_records();

  const KindCounts& kinds() const noexcept { return kinds_; }
  std::int64_t lines() const noexcept { return lines_; }

 private:
  void keep_middle(const LineRecord& record);

  LineSignals signals_;
  KindCounts kinds_;
  std::vector<LineRecord> head_;  // and what is kept between
  std::deque<LineRecord> tail_;
  std::deque<LineRecord> before_;  // the last lines that left the tail and are not kept
  int follow_ = 0;                 // how many of the next lines that leave the tail are kept
  std::int64_t lines_ = 0;
};

}  // namespace headway
