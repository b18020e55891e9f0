// See byte_source.hpp.
#include "base/byte_source.hpp"

#include "base/files.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace headway {
namespace {

Error too_large(const std::string& path, std::int64_t max_bytes) {
  return {ErrorCode::io, fmt::format("{}: larger than {}", path, format_size(max_bytes))};
}

}  // namespace

Result<std::size_t> TextSource::read(char* to, std::size_t room) {
  const std::size_t taken = std::min(room, rest_.size());
  if (taken > 0) {
    std::memcpy(to, rest_.data(), taken);
  }
  rest_.remove_prefix(taken);
  return taken;
}

Result<FileSource> FileSource::open(const std::string& path, std::int64_t max_bytes) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    return Error{errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                 system_message(path, errno)};
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::io, fmt::format("{}: not a regular file", path)};
  }
  if (status.st_size > max_bytes) {
    return too_large(path, max_bytes);
  }
  return FileSource(std::move(fd), path, max_bytes);
}

Result<std::size_t> FileSource::read(char* to, std::size_t room) {
  for (;;) {
    const ssize_t got = ::read(fd_.get(), to, room);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return Error{ErrorCode::io, system_message(path_, errno)};
    }
    left_ -= got;
    if (left_ < 0) {
      return Error{ErrorCode::io, fmt::format("{}: grows while it is read", path_)};
    }
    return static_cast<std::size_t>(got);
  }
}

Result<std::string> read_all(ByteSource& source, std::size_t max_bytes) {
  std::array<char, std::size_t{64} << 10> piece{};
  std::string all;
  for (;;) {
    const auto got = source.read(piece.data(), piece.size());
    if (!got) {
      return got.error();
    }
    if (*got == 0) {
      return all;
    }
    if (all.size() + *got > max_bytes) {
      return Error{ErrorCode::io,
                   fmt::format("more than {}", format_size(static_cast<std::int64_t>(max_bytes)))};
    }
    all.append(piece.data(), *got);
  }
}

}  // namespace headway
