// ByteSource: bytes that come in pieces, from a file or from memory. Knows nothing of what they
// are.
#pragma once

#include "base/unique_fd.hpp"
#include "headway/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace headway {

// Where a reader of a format takes its bytes from. Not synchronised.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // At most `room` (> 0) bytes into `to`; how many there were, 0 only at the end.
  virtual Result<std::size_t> read(char* to, std::size_t room) = 0;
};

// Of a text that outlives it.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : rest_(text) {}
  Result<std::size_t> read(char* to, std::size_t room) override;

 private:
  std::string_view rest_;
};

// Of a regular file.
class FileSource final : public ByteSource {
 public:
  // Never blocks on a pipe or a device: they are refused. Errors name the path; a file of more than
  // `max_bytes` is an error too, also where it grows while it is read.
  static Result<FileSource> open(const std::string& path, std::int64_t max_bytes);
  Result<std::size_t> read(char* to, std::size_t room) override;

 private:
  FileSource(UniqueFd fd, std::string path, std::int64_t left)
      : fd_(std::move(fd)), path_(std::move(path)), left_(left) {}

  UniqueFd fd_;
  std::string path_;
  std::int64_t left_ = 0;  // that may still come
};

// All that is left of it, at most `max_bytes`; an error where there is more.
Result<std::string> read_all(ByteSource& source, std::size_t max_bytes);

}  // namespace headway
