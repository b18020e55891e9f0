// Appending whole lines to a file that may refuse them. Knows nothing of what the lines say.
#include "record/line_appender.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace headway {

AppendTarget::Written FdAppendTarget::write(std::string_view bytes) {
  ssize_t count = 0;
  do {
    count = ::write(fd_, bytes.data(), bytes.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    return Written{0, errno};
  }
  return Written{static_cast<std::size_t>(count), 0};
}

bool FdAppendTarget::cut(std::size_t bytes) {
  struct stat facts {};
  const auto cut_bytes = static_cast<off_t>(bytes);
  return ::fstat(fd_, &facts) == 0 && facts.st_size >= cut_bytes &&
         ::ftruncate(fd_, facts.st_size - cut_bytes) == 0;
}

void LineAppender::append(std::string_view line, bool must_keep) {
  if (waiting_lines_ > 0 || half_line_bytes_ > 0) {
    retry();
  }
  if (waiting_lines_ > 0 || half_line_bytes_ > 0 || write_lines(line) != line.size()) {
    keep(line, must_keep);
  }
}

void LineAppender::retry() {
  if (!cut_half_line()) {
    return;
  }
  const std::size_t done = write_lines(backlog_);
  const auto end = backlog_.begin() + static_cast<std::ptrdiff_t>(done);
  waiting_lines_ -= std::count(backlog_.begin(), end, '\n');
  backlog_.erase(0, done);
}

std::size_t LineAppender::write_lines(std::string_view lines) {
  if (lines.empty()) {
    return 0;
  }
  const AppendTarget::Written written = target_.write(lines);
  if (written.bytes == lines.size()) {
    return written.bytes;
  }
  if (first_error_ == 0) {
    // A short write alone has no errno; on a file it means that there is no room.
    first_error_ = written.error_number != 0 ? written.error_number : ENOSPC;
  }
  const std::size_t newline = lines.substr(0, written.bytes).rfind('\n');
  const std::size_t whole = newline == std::string_view::npos ? 0 : newline + 1;
  half_line_bytes_ = written.bytes - whole;
  cut_half_line();
  return whole;
}

bool LineAppender::cut_half_line() {
  if (half_line_bytes_ > 0 && target_.cut(half_line_bytes_)) {
    half_line_bytes_ = 0;
  }
  return half_line_bytes_ == 0;
}

void LineAppender::keep(std::string_view line, bool must_keep) {
  if (!must_keep && backlog_.size() + line.size() > max_backlog_bytes_) {
    ++lost_lines_;
    return;
  }
  backlog_ += line;
  ++waiting_lines_;
}

}  // namespace headway
