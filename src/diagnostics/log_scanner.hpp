// LogScanner: cuts the bytes of a log into clean lines as they come, in bounded memory. Knows
// nothing of what lines mean.
#pragma once

#include "diagnostics/log_line.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace headway {

// Where the bytes lie that a line was made of: what is read again to show it.
struct RawRange {
  std::int64_t offset = 0;  // from the first byte of the log
  std::size_t length = 0;   // at most LogScanner::kMaxRawLine
};

// What a terminal would leave of a raw line (no '\n' in it): escape sequences and other control
// characters taken away, backspaces applied, and of parts separated by carriage returns the last
// that is not blank. Cut at kMaxLineBytes. The result points into `raw` or into `buffer`.
std::string_view clean_line(std::string_view raw, std::string& buffer);

// Feed it bytes, then finish(). Lines end with '\n'; of a line longer than kMaxRawLine only what
// stands after its last carriage return is kept, or its beginning where there is none. Memory is
// bounded by kMaxRawLine. Not synchronised.
class LogScanner {
 public:
  static constexpr std::size_t kMaxRawLine = 32U << 10U;

  // `take(const LogLine&, const RawRange&)` is called for every whole line.
  template <class Take>
  void feed(std::string_view bytes, Take&& take) {
    std::size_t from = 0;
    for (std::size_t end = 0; (end = bytes.find('\n', from)) != std::string_view::npos;) {
      const std::string_view piece = bytes.substr(from, end - from);
      if (partial_.empty() && !overlong_ && piece.size() <= kMaxRawLine) {
        give(piece, offset_ + static_cast<std::int64_t>(from), take);
      } else {
        extend(piece, offset_ + static_cast<std::int64_t>(from));
        give(partial_, partial_offset_, take);
        partial_.clear();
        overlong_ = false;
      }
      from = end + 1;
    }
    if (from < bytes.size()) {
      extend(bytes.substr(from), offset_ + static_cast<std::int64_t>(from));
    }
    offset_ += static_cast<std::int64_t>(bytes.size());
  }

  // The last line, where it has no line end.
  template <class Take>
  void finish(Take&& take) {
    if (!partial_.empty() || overlong_) {
      give(partial_, partial_offset_, take);
      partial_.clear();
      overlong_ = false;
    }
  }

  std::int64_t lines() const noexcept { return number_; }

 private:
  template <class Take>
  void give(std::string_view raw, std::int64_t offset, Take&& take) {
    ++number_;
    take(LogLine{.number = number_, .text = clean_line(raw, buffer_)},
         RawRange{.offset = offset, .length = raw.size()});
  }
  // Adds to the line that is not whole yet; `offset` is where `piece` lies.
  void extend(std::string_view piece, std::int64_t offset);

  std::string partial_;              // what is kept of a line whose end has not come
  std::int64_t partial_offset_ = 0;  // where that lies
  bool overlong_ = false;            // the rest of this line is dropped
  std::int64_t offset_ = 0;
  std::int64_t number_ = 0;
  std::string buffer_;
};

}  // namespace headway
