// See file_digests.hpp.
#include "host/file_digests.hpp"

#include "base/files.hpp"
#include "base/signals_blocked.hpp"
#include "base/unique_fd.hpp"
#include "host/machine.hpp"

#include <fmt/format.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace headway {
namespace {

constexpr int kMaxThreads = 8;
// Below this a thread costs more than it saves (about 30 us each).
constexpr std::size_t kFilesPerThread = 64;
constexpr std::int64_t kBytesPerThread = std::int64_t{4} << 20;
constexpr std::size_t kBufferBytes = std::size_t{256} << 10;  // measured: docs/design/inputs.md

// File systems whose ctime is set by this kernel, from the clock of file_clock_now_ns(), at every
// change (statfs(2) for the numbers). Those of another machine, of a program (FUSE) and without
// ctime (FAT) are not among them: their files are read each time.
constexpr std::array<std::uint64_t, 10> kKeepChangeTime{0xef53,       // ext2, ext3, ext4
                                                        0x58465342,   // xfs
                                                        0x9123683e,   // btrfs
                                                        0x01021994,   // tmpfs
                                                        0x858458f6,   // ramfs
                                                        0x794c7630,   // overlayfs
                                                        0x2fc12fc1,   // zfs
                                                        0xf2f52010,   // f2fs
                                                        0xca451a4e,   // bcachefs
                                                        0x73717368};  // squashfs

bool keeps_change_time(int fd) {
  struct statfs status {};
  if (::fstatfs(fd, &status) != 0) {
    return false;
  }
  const auto type = static_cast<std::uint64_t>(status.f_type) & 0xffffffffU;
  return std::find(kKeepChangeTime.begin(), kKeepChangeTime.end(), type) != kKeepChangeTime.end();
}

Error cannot_read(std::string_view path, int error_number) {
  return {ErrorCode::io, fmt::format("read {}", system_message(path, error_number))};
}

// A file whose content has to be read.
struct Wanted {
  const FoundFile* file = nullptr;
  std::uint64_t place = 0;
  std::optional<Result<FileReading>> reading;
};

std::uint64_t place_of(const std::string& folder, const std::string& path, std::string& scratch) {
  scratch.assign(folder).append("/").append(path);
  return short_digest_of(scratch);
}

bool has_content(const FoundFile& file) {
  return file.kind == FileKind::regular || (file.link != nullptr && file.link->has_content);
}

int thread_count(const std::vector<Wanted>& wanted, int at_most) {
  std::int64_t bytes = 0;
  for (const Wanted& one : wanted) {
    bytes += one.file->content_stamp().size;
  }
  const auto useful = static_cast<std::int64_t>(wanted.size() / kFilesPerThread);
  const std::int64_t by_size = std::max(useful, bytes / kBytesPerThread);
  const std::int64_t by_files = std::min<std::int64_t>(by_size, std::ssize(wanted));
  return static_cast<int>(std::clamp<std::int64_t>(by_files, 1, at_most));
}

// Reads all of them; this thread takes part.
void read_all(int folder, std::vector<Wanted>& wanted, int threads, const std::atomic<bool>* stop) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t at = next++; at < wanted.size(); at = next++) {
      if (stop != nullptr && stop->load(std::memory_order_relaxed)) {
        return;
      }
      wanted[at].reading = read_content(folder, wanted[at].file->path);
    }
  };
  std::vector<std::thread> helpers;
  const SignalsBlocked blocked;
  try {
    while (static_cast<int>(helpers.size()) + 1 < threads) {
      helpers.emplace_back(work);
    }
  } catch (const std::system_error&) {
    // Fewer do it as well.
  }
  work();
  for (std::thread& helper : helpers) {
    helper.join();
  }
}

// Of a link: where it points to, and what is there.
ContentDigest link_digest(const LinkFacts& link, const ContentDigest& content) {
  std::string text = link.target;
  text += '\0';
  if (link.has_content) {
    text += to_hex(content);
  }
  return digest_of(text);
}

FileFact fact_of(const FoundFile& file, const ContentDigest& content) {
  FileFact fact{file.path, file.kind, false, content};
  if (file.kind == FileKind::other) {
    fact.digest = {};
  } else {
    fact.is_executable = has_content(file) && (file.content_stamp().mode & S_IXUSR) != 0;
  }
  if (file.link != nullptr) {
    fact.digest = link_digest(*file.link, content);
  }
  return fact;
}

ssize_t read_some(int fd, char* into, std::size_t size) {
  for (;;) {
    const ssize_t got = ::read(fd, into, size);
    if (got >= 0 || errno != EINTR) {
      return got;
    }
  }
}

// Of all that is left to read; nothing where that fails (errno).
std::optional<ContentDigest> digest_rest(int fd) {
  thread_local std::vector<char> buffer(kBufferBytes);
  std::optional<DigestStream> stream;
  for (std::size_t size = 0;;) {
    const ssize_t got = read_some(fd, buffer.data() + size, buffer.size() - size);
    if (got < 0) {
      return std::nullopt;
    }
    size += static_cast<std::size_t>(got);
    const std::string_view piece(buffer.data(), size);
    if (got == 0 && !stream) {
      return digest_of(piece);  // most files: all of it at once
    }
    if (got == 0) {
      stream->add(piece);
      return stream->take();
    }
    if (size == buffer.size()) {
      if (!stream) {
        stream.emplace();
      }
      stream->add(piece);
      size = 0;
    }
  }
}

// One call of digest_files().
class Digesting {
 public:
  Digesting(const FileSet& files, ContentCache& cache, const DigestOptions& options)
      : files_(files), cache_(cache), options_(options), known_(files.files.size()) {
    out_.problems = files.problems;
  }

  FileDigests run() {
    remember();
    if (!wanted_.empty()) {
      const UniqueFd folder(::open(options_.folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
      const int usable = std::clamp(static_cast<int>(std::ceil(usable_cpus())), 1, kMaxThreads);
      const int at_most = options_.threads > 0 ? options_.threads : usable;
      read_all(folder.get(), wanted_, thread_count(wanted_, at_most), options_.stop);
    }
    for (const Wanted& one : wanted_) {
      take(one);
    }
    out_.facts.reserve(files_.files.size());
    for (std::size_t at = 0; at < files_.files.size(); ++at) {
      if (known_[at]) {
        out_.facts.push_back(fact_of(files_.files[at], *known_[at]));
      }
    }
    return std::move(out_);
  }

 private:
  // What the cache knows; the rest is wanted.
  void remember() {
    std::string scratch;
    for (std::size_t at = 0; at < files_.files.size(); ++at) {
      const FoundFile& file = files_.files[at];
      if (!has_content(file)) {
        known_[at].emplace();
        continue;
      }
      const std::uint64_t place = place_of(options_.folder, file.path, scratch);
      known_[at] = cache_.find(place, file.content_stamp());
      if (!known_[at]) {
        wanted_.push_back({&file, place, std::nullopt});
      }
    }
  }

  void problem(Error error) {
    if (out_.problems.size() < FileSet::kMaxProblems) {
      out_.problems.push_back(std::move(error));
    }
  }

  // What reading one of them came to.
  void take(const Wanted& one) {
    if (!one.reading) {
      problem({ErrorCode::conflict, fmt::format("read {}: stopped", one.file->path)});
      return;
    }
    const Result<FileReading>& reading = *one.reading;
    const FileStamp& stamp = one.file->content_stamp();
    if (!reading) {
      problem(reading.error());
      return;
    }
    if (reading->before != stamp || reading->after != stamp) {
      problem({ErrorCode::conflict, fmt::format("read {}: it changed meanwhile", one.file->path)});
      return;
    }
    known_[static_cast<std::size_t>(one.file - files_.files.data())] = reading->digest;
    ++out_.read;
    out_.read_bytes += stamp.size;
    if (reading->keeps_changes && shows_changes(stamp, options_.now_ns)) {
      cache_.put(one.place, stamp, reading->digest);
    }
  }

  const FileSet& files_;
  ContentCache& cache_;
  const DigestOptions& options_;
  std::vector<std::optional<ContentDigest>> known_;  // by file
  std::vector<Wanted> wanted_;
  FileDigests out_;
};

}  // namespace

Result<FileReading> read_content(int folder, const std::string& path) {
  // Not to wait where a pipe has taken the file's place meanwhile.
  const UniqueFd fd(::openat(folder, path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    return cannot_read(path, errno);
  }
  FileReading reading;
  reading.before = stamp_of(status);
  if (!S_ISREG(status.st_mode)) {
    return reading;  // its stamp is another's
  }
  const auto digest = digest_rest(fd.get());
  if (!digest || ::fstat(fd.get(), &status) != 0) {
    return cannot_read(path, errno);
  }
  reading.digest = *digest;
  reading.after = stamp_of(status);
  reading.keeps_changes = keeps_change_time(fd.get());
  return reading;
}

FileDigests digest_files(const FileSet& files, ContentCache& cache, const DigestOptions& options) {
  return Digesting(files, cache, options).run();
}

}  // namespace headway
