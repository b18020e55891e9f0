// LineRecord: what is remembered of one line of a log, without its text. Plain value.
#pragma once

#include "diagnostics/line_signals.hpp"
#include "diagnostics/log_line.hpp"
#include "diagnostics/log_scanner.hpp"

#include <cstdint>

namespace headway {

// How the text of a line begins.
enum class LineStart : std::uint8_t { nothing, lower, upper, digit, bracket, mark, other };

// 56 bytes a line.
struct LineRecord {
  std::int64_t offset = 0;       // its RawRange
  std::uint32_t raw_length = 0;  // its RawRange
  std::uint32_t number = 0;      // 1-based; larger ones than fit are not kept
  std::uint32_t kind = 0;        // hash of its text, with all numbers alike
  std::uint32_t look = 0;        // the same, with few kinds of numbers (see describe_line)
  SignalMask signals = 0;
  std::uint16_t length = 0;  // of the cleaned text, bytes
  std::uint16_t seen = 0;    // lines of its kind before it, as counted by the digest
  std::uint8_t indent = 0;   // columns of white space before it
  std::uint8_t letters = 0;  // share of letters, percent
  LineStart start = LineStart::nothing;
  bool has_path = false;   // something with a slash or a known ending
  bool has_quote = false;  // a quoted word
  bool has_colon = false;  // ": "

  bool is(SignalMask any) const noexcept { return (signals & any) != 0; }
  bool blank() const noexcept { return length == 0; }
};

// The record of a line; its signals are set by the caller. For `look` numbers are alike that have
// as many digits (4: or more), are zero or not, and begin with a 4 or 5 or not: whatever a pattern
// of signals may ask of a number.
LineRecord describe_line(const LogLine& line, const RawRange& raw);

}  // namespace headway
