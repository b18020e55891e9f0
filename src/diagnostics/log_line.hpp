// LogLine: one line of a log as a person saw it. What passes between the reader of a log and all
// that recognises lines. Plain value; knows no file and no rule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace headway {

// Longer lines are cut there before anything looks at them.
inline constexpr std::size_t kMaxLineBytes = 4096;

// Without escape sequences, without what a carriage return wrote over, without its line end;
// perhaps with bytes that are no UTF-8.
struct LogLine {
  std::int64_t number = 0;  // 1-based
  std::string_view text;    // at most kMaxLineBytes; valid only during the call it is given to
};

}  // namespace headway
