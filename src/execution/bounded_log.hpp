// BoundedLog: one log file that takes what comes, never grows without bound and never fails: a full
// disk costs bytes, which are counted. Knows nothing of pipes or secrets.
#pragma once

#include "base/unique_fd.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace headway {

// The end of an attempt's output that is kept whatever the bound.
inline constexpr std::int64_t kLogTailBytes = std::int64_t{64} << 10;

// Writes a log. The file is made at the first byte (making one costs more than all else that an
// attempt needs of us): what printed nothing has no log. Each append is written at once. What
// cannot be written waits (at most kLogTailBytes, the oldest are given up) for the next append, and
// a line in the log says how much is missing. Beyond `max_bytes` the file holds the first
// max_bytes, a line that says how much was left out, and the last 64 to 128 KiB. Not synchronised.
class BoundedLog {
 public:
  BoundedLog(std::string path, std::int64_t max_bytes);

  void append(std::string_view bytes);
  // The last try to write what waits. Nothing may be appended after it.
  void finish();

  // Bytes appended that are not, or no longer, in the file (or wait to be).
  std::int64_t lost_bytes() const noexcept;

 private:
  void append_head(std::string_view bytes);
  void append_tail(std::string_view bytes);
  void rewrite_tail();
  void give_up_oldest();
  std::string lost_line(std::int64_t bytes) const;
  bool flush();
  bool open_file();
  bool write_at_end(std::string_view bytes);

  std::string path_;
  UniqueFd fd_;
  std::int64_t head_room_;        // bytes that may still be written before the bound
  std::int64_t end_ = 0;          // of what is surely in the file
  std::int64_t tail_start_ = -1;  // where the tail begins; -1: the bound is not reached
  std::string tail_;              // the last bytes beyond the bound
  std::string waiting_;           // could not be written yet
  std::int64_t own_bytes_ = 0;    // of what waits: lines of ours, at its start
  std::int64_t gap_ = 0;          // given up right before what waits; 0 once there is a tail
  std::int64_t head_gap_ = 0;     // given up between the head and the tail
  std::int64_t given_up_ = 0;     // for want of room on disk
  std::int64_t left_out_ = 0;     // by the bound
  int error_ = 0;                 // why the last write failed
};

}  // namespace headway
