// Opening, appending, repairing and rotating of a log file. Knows nothing of what is in a line.
#include "logging/log_file.hpp"

#include "base/files.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

namespace headway {
namespace {

// The files in use, by path. Never destroyed: static objects may log while the program ends.
struct Registry {
  Mutex mutex;
  std::map<std::string, std::weak_ptr<LogFile>> files HEADWAY_GUARDED_BY(mutex);
  ForkGuard fork_guard{mutex};
};

Registry& registry() {
  static auto* const all = new Registry;
  return *all;
}

// Whether the last byte of a regular file is something other than a newline.
bool ends_in_half_line(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) {
    return false;
  }
  char last = '\n';
  return pread(fd.get(), &last, 1, status.st_size - 1) == 1 && last != '\n';
}

}  // namespace

std::shared_ptr<LogFile> LogFile::shared(const LogFileOptions& options) {
  // Made before the lock is taken: making registers a ForkGuard, which takes a lock of its own.
  auto fresh = std::make_shared<LogFile>(options);
  Registry& all = registry();
  const MutexLock lock(all.mutex);
  std::erase_if(all.files, [](const auto& each) { return each.second.expired(); });
  std::weak_ptr<LogFile>& known = all.files[options.path];
  if (auto in_use = known.lock()) {
    return in_use;
  }
  known = fresh;
  return fresh;
}

LogFile::LogFile(LogFileOptions options) : options_(std::move(options)) {}

bool LogFile::append(std::string_view line) {
  return append_lines(line) == 0;
}

std::int64_t LogFile::append_lines(std::string_view lines) {
  const MutexLock lock(mutex_);
  while (!lines.empty()) {
    auto ready = prepare();
    if (ready) {
      ready = write_lines(lines);
    }
    if (!ready) {
      const auto lost = std::count(lines.begin(), lines.end(), '\n');
      count_loss(ready.error(), lost);
      return lost;
    }
  }
  return 0;
}

// Opens the file, makes room for a new one, tells of what was lost.
Result<void> LogFile::prepare() {
  auto ready = open_if_needed();
  if (ready && options_.rotation.is_wanted()) {
    rotate_if_needed();
    ready = open_if_needed();
  }
  if (ready && lost_ > 0 && options_.loss_note != nullptr) {
    const std::string note = options_.loss_note(lost_, loss_reason_);
    std::string_view bytes = note;
    ready = write_line(bytes);
    lost_ = ready ? 0 : lost_;
  }
  return ready;
}

// Writes those up to the one with which the file is full, and takes them off. On an error what was
// written is off all the same.
Result<void> LogFile::write_lines(std::string_view& lines) {
  std::string_view now = lines;
  struct stat status {};
  if (const std::int64_t most = options_.rotation.max_bytes;
      most > 0 && fstat(fd_.get(), &status) == 0 && status.st_size < most) {
    const auto room = static_cast<std::size_t>(most - status.st_size);
    now = lines.substr(0, lines.find('\n', room - 1));
    now = lines.substr(0, now.size() + 1);
  }
  const std::size_t wanted = now.size();
  auto written = write_line(now);
  lines.remove_prefix(wanted - now.size());
  return written;
}

Result<void> LogFile::write_line(std::string_view& line) {
  if (!half_line_) {
    return write_bytes(line);
  }
  std::string repaired = "\n";
  repaired += line;
  std::string_view bytes = repaired;
  auto written = write_bytes(bytes);
  line.remove_prefix(line.size() - std::min(bytes.size(), line.size()));
  return written;
}

// One write(2) as a rule; where the kernel took a part only, the rest follows under our lock.
Result<void> LogFile::write_bytes(std::string_view& bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return Error{ErrorCode::io, system_message(options_.path, errno)};
    }
    half_line_ = bytes[static_cast<std::size_t>(written) - 1] != '\n';
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> LogFile::open_if_needed() {
  if (fd_) {
    return {};
  }
  const std::string folder = options_.path.substr(0, options_.path.rfind('/') + 1);
  auto opened = open_for_append(options_.path);
  if (!opened && opened.error().code == ErrorCode::not_found) {
    if (auto made = make_directories(folder); !made) {
      return made;
    }
    opened = open_for_append(options_.path);
  }
  if (!opened) {
    return std::move(opened).error();
  }
  fd_ = *std::move(opened);
  half_line_ = ends_in_half_line(options_.path);
  return {};
}

void LogFile::rotate_if_needed() {
  if (rotate_log(fd_.get(), options_.path, options_.rotation)) {
    fd_.reset();
  }
}

FileMark LogFile::mark() {
  const MutexLock lock(mutex_);
  struct stat status {};
  if (!open_if_needed() || fstat(fd_.get(), &status) != 0) {
    return {};
  }
  return {status.st_dev, status.st_ino, status.st_size};
}

std::string LogFile::text_since(const FileMark& mark) const {
  return log_text_since(options_.path, {mark.device, mark.inode, mark.bytes});
}

void LogFile::count_loss(const Error& error, std::int64_t lines) {
  lost_ += lines;
  loss_reason_ = error.message;
  if (!told_) {
    told_ = true;
    static_cast<void>(write_all(
        STDERR_FILENO, fmt::format("headway: log records are being lost: {}\n", error.message)));
  }
}

}  // namespace headway
