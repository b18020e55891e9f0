// Reading and spooling: see the header.
#include "diagnostics/log_source.hpp"

#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

namespace headway {
namespace {

constexpr std::size_t kPieceBytes = 256U << 10U;

Error read_error(const std::string& name) {
  return Error{.code = ErrorCode::io, .message = "read " + system_message(name, errno)};
}

// read(2) or pread(2), through EINTR.
ssize_t read_piece(int fd, std::vector<char>& buffer, std::int64_t offset) {
  while (true) {
    const ssize_t count = offset < 0 ? ::read(fd, buffer.data(), buffer.size())
                                     : ::pread(fd, buffer.data(), buffer.size(), offset);
    if (count >= 0 || errno != EINTR) {
      return count;
    }
  }
}

Result<UniqueFd> nameless_file() {
  const char* folder = std::getenv("TMPDIR");
  const std::string path = folder != nullptr && *folder != '\0' ? folder : "/tmp";
  UniqueFd fd(::open(path.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!fd) {
    std::string name = path + "/headway-log-XXXXXX";
    fd = UniqueFd(::mkostemp(name.data(), O_CLOEXEC));
    if (!fd) {
      return Error{.code = ErrorCode::io,
                   .message = "create a temporary file in " + system_message(path, errno),
                   .next_step = "name another folder in TMPDIR, or give the log as a file"};
    }
    ::unlink(name.c_str());
  }
  return fd;
}

}  // namespace

Result<LogSource> LogSource::open(const std::string& path) {
  LogSource source;
  source.name_ = path;
  source.file_ = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!source.file_) {
    return Error{.code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                 .message = "open " + system_message(path, errno)};
  }
  struct stat facts {};
  if (::fstat(source.file_.get(), &facts) == 0 && S_ISDIR(facts.st_mode)) {
    return Error{.code = ErrorCode::invalid_argument, .message = "read " + path + ": is a folder"};
  }
  if (!S_ISREG(facts.st_mode)) {  // a pipe with a name
    return of_stream(source.file_.get());
  }
  return source;
}

Result<LogSource> LogSource::of_stream(int fd) {
  LogSource source;
  source.name_ = "standard input";
  struct stat facts {};
  if (::fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && ::lseek(fd, 0, SEEK_CUR) == 0) {
    source.file_ = UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
    if (source.file_) {
      return source;
    }
  }
  auto spool = nameless_file();
  if (!spool) {
    return std::move(spool).error();
  }
  source.file_ = std::move(*spool);
  source.stream_ = UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  return source;
}

Result<void> LogSource::read_all(const std::function<void(std::string_view)>& take) {
  if (stream_) {
    return copy_stream(take);
  }
  std::vector<char> buffer(kPieceBytes);
  for (std::int64_t offset = 0;;) {
    if (is_stopped()) {
      return Error{.code = ErrorCode::timeout, .message = "read " + name_ + ": told to stop"};
    }
    const ssize_t count = read_piece(file_.get(), buffer, offset);
    if (count < 0) {
      return read_error(name_);
    }
    if (count == 0) {
      return {};
    }
    take(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    offset += count;
  }
}

Result<void> LogSource::copy_stream(const std::function<void(std::string_view)>& take) {
  std::vector<char> buffer(kPieceBytes);
  while (true) {
    const ssize_t count = read_piece(stream_.get(), buffer, -1);
    if (count < 0) {
      return read_error(name_);
    }
    if (count == 0) {
      return {};
    }
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(count));
    if (auto written = write_all(file_.get(), piece); !written) {
      return Error{.code = ErrorCode::io,
                   .message = "keep a copy of standard input: " + written.error().message,
                   .next_step = "name another folder in TMPDIR, or give the log as a file"};
    }
    take(piece);
  }
}

std::string LogSource::read_at(std::int64_t offset, std::size_t length) const {
  std::string bytes(length, '\0');
  std::size_t have = 0;
  while (have < length) {
    const ssize_t count = ::pread(
        file_.get(), bytes.data() + have, length - have, offset + static_cast<std::int64_t>(have));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      break;
    }
    have += static_cast<std::size_t>(count);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace headway
