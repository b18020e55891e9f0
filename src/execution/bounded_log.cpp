// See bounded_log.hpp. Every write goes to an offset that only moves when the whole piece is down:
// half a write, then a full disk, is simply written again.
#include "execution/bounded_log.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace headway {
namespace {

constexpr auto kTail = static_cast<std::size_t>(kLogTailBytes);

std::int64_t size_of(std::string_view bytes) {
  return static_cast<std::int64_t>(bytes.size());
}

}  // namespace

BoundedLog::BoundedLog(std::string path, std::int64_t max_bytes)
    : path_(std::move(path)), head_room_(max_bytes) {}

void BoundedLog::append(std::string_view bytes) {
  const auto room = static_cast<std::size_t>(std::min(head_room_, size_of(bytes)));
  if (room > 0) {
    head_room_ -= static_cast<std::int64_t>(room);
    append_head(bytes.substr(0, room));
  }
  if (room < bytes.size()) {
    append_tail(bytes.substr(room));
  }
}

void BoundedLog::finish() {
  if (!flush()) {
    given_up_ += size_of(waiting_) - std::exchange(own_bytes_, 0);
    waiting_.clear();
  }
  fd_.reset();
}

std::int64_t BoundedLog::lost_bytes() const noexcept {
  return given_up_ + left_out_ + size_of(waiting_) - own_bytes_;
}

void BoundedLog::append_head(std::string_view bytes) {
  if (waiting_.empty() && gap_ == 0 && write_at_end(bytes)) {
    return;
  }
  waiting_ += bytes;
  if (!flush()) {
    give_up_oldest();
  }
}

void BoundedLog::append_tail(std::string_view bytes) {
  const bool is_first = tail_start_ < 0;
  if (is_first) {
    // What of the head still waits has had its chance: the offset of the tail must be known now.
    given_up_ += size_of(waiting_);
    head_gap_ = std::exchange(gap_, 0) + size_of(waiting_);
    waiting_.clear();
    tail_start_ = end_;
  }
  tail_ += bytes;
  const bool is_cut = tail_.size() > 2 * kTail;
  if (!is_first && !is_cut) {
    waiting_ += bytes;
    if (!flush()) {
      rewrite_tail();
    }
    return;
  }
  if (is_cut) {
    const std::size_t excess = tail_.size() - kTail;
    left_out_ += static_cast<std::int64_t>(excess);
    tail_.erase(0, excess);
  }
  rewrite_tail();
  if (flush() && is_cut) {
    // Only shortens what is there; where it fails, old bytes stay behind the end until the next
    // one.
    std::ignore = ftruncate(fd_.get(), end_);
  }
}

// The whole tail waits to be written where it begins, after the lines that tell what is missing
// before it.
void BoundedLog::rewrite_tail() {
  end_ = tail_start_;
  waiting_.clear();
  if (head_gap_ > 0) {
    waiting_ = lost_line(head_gap_);
  }
  if (left_out_ > 0) {
    waiting_ += fmt::format("\n[headway: {} bytes left out here: the log has reached its bound]\n",
                            left_out_);
  }
  own_bytes_ = size_of(waiting_);
  waiting_ += tail_;
}

void BoundedLog::give_up_oldest() {
  if (waiting_.size() <= 2 * kTail) {
    return;
  }
  const std::size_t excess = waiting_.size() - kTail;
  waiting_.erase(0, excess);
  gap_ += static_cast<std::int64_t>(excess);
  given_up_ += static_cast<std::int64_t>(excess);
}

std::string BoundedLog::lost_line(std::int64_t bytes) const {
  return fmt::format("\n[headway: {} bytes of output lost here: {}]\n", bytes, strerror(error_));
}

bool BoundedLog::flush() {
  if (waiting_.empty() && gap_ == 0) {
    return true;
  }
  if (gap_ == 0) {
    if (!write_at_end(waiting_)) {
      return false;
    }
  } else if (!write_at_end(lost_line(gap_) + waiting_)) {
    return false;
  }
  waiting_.clear();
  own_bytes_ = 0;
  gap_ = 0;
  return true;
}

bool BoundedLog::open_file() {
  if (!fd_) {
    fd_.reset(open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    error_ = fd_ ? error_ : errno;
  }
  return static_cast<bool>(fd_);
}

bool BoundedLog::write_at_end(std::string_view bytes) {
  if (!open_file()) {
    return false;
  }
  std::int64_t at = end_;
  while (!bytes.empty()) {
    const ssize_t put = pwrite(fd_.get(), bytes.data(), bytes.size(), at);
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put <= 0) {
      error_ = put < 0 ? errno : ENOSPC;
      return false;
    }
    at += put;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  end_ = at;
  return true;
}

}  // namespace headway
