// See pending_file.hpp.
#include "base/pending_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace headway {
namespace {

constexpr int kMaxNameTries = 100;

// A folder that is not there is told from a disk that refuses.
Error write_error(const std::string& path, int error_number) {
  const bool missing = error_number == ENOENT || error_number == ENOTDIR;
  return {missing ? ErrorCode::not_found : ErrorCode::io,
          "write " + system_message(path, error_number)};
}

std::string_view folder_prefix(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash + 1);
}

}  // namespace

PendingFile::PendingFile(std::string path, mode_t mode) : path_(std::move(path)) {
  create(mode);
}

PendingFile::~PendingFile() {
  if (fd_) {
    unlink(temporary_.c_str());
  }
}

// A file that did not exist before, in the folder of the target so that rename(2) works.
void PendingFile::create(mode_t mode) {
  static std::atomic<unsigned> counter{0};
  for (int tries = 0; tries < kMaxNameTries; ++tries) {
    // The target's own name is not in it: it may be as long as names can be.
    temporary_ = fmt::format("{}.tmp-{}-{}",
                             folder_prefix(path_),
                             getpid(),
                             counter.fetch_add(1, std::memory_order_relaxed));
    fd_.reset(open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (fd_) {
      return;
    }
    if (errno != EEXIST) {  // EEXIST: left by a crash of an earlier process of our id
      break;
    }
  }
  error_ = write_error(path_, errno);
}

void PendingFile::append(std::string_view bytes) {
  if (error_) {
    return;
  }
  if (auto written = write_all(fd_.get(), bytes); !written) {
    error_ = Error{ErrorCode::io, fmt::format("write {}: {}", path_, written.error().message)};
  }
}

Result<void> PendingFile::commit(Durability durability) {
  if (error_) {
    return *error_;
  }
  auto done = close_and_rename(durability);
  if (!done) {
    unlink(temporary_.c_str());
  }
  return done;
}

Result<void> PendingFile::close_and_rename(Durability durability) {
  UniqueFd fd = std::move(fd_);
  const auto failed = [this](const char* call) {
    return Error{ErrorCode::io, fmt::format("write {}: {}", path_, system_message(call, errno))};
  };
  if (durability == Durability::power && fsync(fd.get()) != 0) {
    return failed("fsync");
  }
  if (close(fd.release()) != 0 && errno != EINTR) {
    return failed("close");
  }
  if (rename(temporary_.c_str(), path_.c_str()) != 0) {
    return write_error(path_, errno);
  }
  return {};
}

}  // namespace headway
