// LineAppender: appends whole lines to a file that may refuse them for a while (a full disk).
// Knows nothing of what the lines say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace headway {

// The file as LineAppender needs it. Calls come from one thread.
class AppendTarget {
 public:
  // What a write did: bytes taken, and errno where they are fewer than asked for (0: just short).
  struct Written {
    std::size_t bytes = 0;
    int error_number = 0;
  };

  virtual ~AppendTarget() = default;
  // One write(2), repeated only when a signal ended it before the first byte.
  virtual Written write(std::string_view bytes) = 0;
  // Cuts the last `bytes` off the file; false where that cannot be done.
  virtual bool cut(std::size_t bytes) = 0;
};

// A descriptor opened for appending; owned by somebody else, who must be its only writer.
class FdAppendTarget final : public AppendTarget {
 public:
  explicit FdAppendTarget(int fd) : fd_(fd) {}

  Written write(std::string_view bytes) override;
  bool cut(std::size_t bytes) override;

 private:
  int fd_;
};

// Keeps the order and the wholeness of lines: a line that did not fit is cut off the file again and
// kept, and so are those after it, until there is room. Bounded; beyond the bound lines are lost
// and counted. Not synchronised.
class LineAppender {
 public:
  // `target` must outlive the appender.
  LineAppender(AppendTarget& target, std::size_t max_backlog_bytes)
      : target_(target), max_backlog_bytes_(max_backlog_bytes) {}

  // `line` ends in its only newline. One that must not be lost is kept beyond the bound.
  void append(std::string_view line, bool must_keep = false);
  // Tries again to write what is kept.
  void retry();

  std::int64_t waiting_lines() const noexcept { return waiting_lines_; }
  std::int64_t lost_lines() const noexcept { return lost_lines_; }
  // Of the first refusal, or 0.
  int first_error() const noexcept { return first_error_; }

 private:
  // Writes whole lines; the bytes of those that are in the file.
  std::size_t write_lines(std::string_view lines);
  bool cut_half_line();
  void keep(std::string_view line, bool must_keep);

  AppendTarget& target_;
  std::size_t max_backlog_bytes_;
  std::string backlog_;
  std::size_t half_line_bytes_ = 0;  // at the end of the file, still to be cut off
  std::int64_t waiting_lines_ = 0;
  std::int64_t lost_lines_ = 0;
  int first_error_ = 0;
};

}  // namespace headway
