// LogSource: the bytes of a log, read once from front to back and then, here and there, again.
// Knows nothing of lines.
#pragma once

#include "base/unique_fd.hpp"
#include "headway/result.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace headway {

// A file, or a stream that is copied to a nameless temporary file (in TMPDIR, else /tmp) while it
// is read. Memory does not grow with the log. Not synchronised.
class LogSource {
 public:
  // Errors: io, not_found; both name the path.
  static Result<LogSource> open(const std::string& path);
  // `fd` stays the caller's; what can be read at any place (a file) is not copied.
  static Result<LogSource> of_stream(int fd);

  // Reading ends with an error once `stop` is set, which must outlive this.
  void stop_with(const std::atomic<bool>& stop) { stop_ = &stop; }
  // Gives all bytes to `take`, in pieces, in order. Errors: io; timeout: told to stop.
  Result<void> read_all(const std::function<void(std::string_view)>& take);
  // The bytes from `offset`, `length` at most; fewer at the end, none where they cannot be read.
  std::string read_at(std::int64_t offset, std::size_t length) const;

 private:
  LogSource() = default;
  // (of a file; a stream ends when its writer does)
  bool is_stopped() const noexcept { return stop_ != nullptr && stop_->load(); }
  Result<void> copy_stream(const std::function<void(std::string_view)>& take);

  std::string name_;
  const std::atomic<bool>* stop_ = nullptr;
  UniqueFd file_;    // where the log can be read at any place
  UniqueFd stream_;  // where it comes from, if not from there
};

}  // namespace headway
