// Making, mapping and taking over of ring files. Knows nothing of what is in a record.
#include "logging/ring_file.hpp"

#include "base/files.hpp"

#include <fmt/format.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <limits>
#include <utility>

namespace headway {
namespace {

constexpr long kXfsMagic = 0x58465342;
constexpr long kF2fsMagic = 0xF2F52010;
constexpr int kMaxNames = 16;

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/') + 1);
}

std::string ring_prefix(const std::string& anchor) {
  return fmt::format(".{}.ring-", std::string_view(anchor).substr(anchor.rfind('/') + 1));
}

std::string this_boot() {
  auto id = read_file("/proc/sys/kernel/random/boot_id");
  return id ? id->substr(0, id->find('\n')) : std::string();
}

Error failure(const std::string& path) {
  return Error{ErrorCode::io, system_message(path, errno)};
}

// Whether a page of a mapped file there, once allocated, can always be written, and is seen by all.
// A copy-on-write file system may need room at any store (SIGBUS where there is none), a network
// file system shows other machines an older page.
bool maps_safely(int fd) {
  struct statfs about {};
  if (fstatfs(fd, &about) != 0) {
    return false;
  }
  const auto type = static_cast<long>(about.f_type);
  return type == EXT4_SUPER_MAGIC || type == kXfsMagic || type == kF2fsMagic ||
         type == TMPFS_MAGIC || type == OVERLAYFS_SUPER_MAGIC;
}

// Allocates the bytes, so that no store to them can fail; never past a limit of the process, which
// would be told by a signal.
bool allocate(int fd, std::int64_t from, std::int64_t bytes) {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
      (limit.rlim_cur != RLIM_INFINITY &&
       limit.rlim_cur < static_cast<rlim_t>(from) + static_cast<rlim_t>(bytes))) {
    errno = EFBIG;
    return false;
  }
  return fallocate(fd, 0, from, bytes) == 0;
}

// Null: it could not be mapped.
void* map_part(int fd, std::int64_t from, std::size_t bytes) {
  void* const address =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, from);
  if (address == MAP_FAILED) {
    return nullptr;
  }
  madvise(address, bytes, MADV_DONTFORK);
  return address;
}

template <std::size_t size>
void set_text(std::array<char, size>& to, std::string_view text) {
  std::memcpy(to.data(), text.data(), std::min(text.size(), size - 1));
}

template <std::size_t size>
std::string text_in(const std::array<char, size>& from) {
  return std::string(from.data(), strnlen(from.data(), size - 1));
}

constexpr std::int64_t segment_offset(std::uint32_t number) {
  return static_cast<std::int64_t>(kPageBytes + number * kSegmentBytes);
}

std::string next_name(const std::string& anchor) {
  static std::atomic<int> last{0};
  return fmt::format("{}{}{}-{}", folder_of(anchor), ring_prefix(anchor), getpid(), ++last);
}

// A new file, locked. Somebody who looks for dead rings may have found and removed it between its
// making and its locking: then another one.
Result<UniqueFd> create_locked(const std::string& anchor, std::string& path) {
  for (int tries = 0; tries < kMaxNames; ++tries) {
    path = next_name(anchor);
    UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd && errno != EEXIST) {
      return failure(path);
    }
    struct stat status {};
    if (fd && flock(fd.get(), LOCK_EX) == 0 && fstat(fd.get(), &status) == 0 &&
        status.st_nlink > 0) {
      return fd;
    }
  }
  return Error{ErrorCode::io, path + ": in use"};
}

}  // namespace

std::vector<std::string> find_ring_files(const std::string& anchor) {
  std::vector<std::string> found;
  const std::string folder = folder_of(anchor);
  const std::string prefix = ring_prefix(anchor);
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(folder.c_str()), closedir);
  while (const dirent* entry = entries ? readdir(entries.get()) : nullptr) {
    if (std::string_view(entry->d_name).starts_with(prefix)) {
      found.push_back(folder + entry->d_name);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

Mapping::Mapping(Mapping&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)), bytes_(other.bytes_) {}

Mapping::~Mapping() {
  if (address_ != nullptr) {
    munmap(address_, bytes_);
  }
}

RingFile::RingFile(std::string path, Mapping control)
    : path_(std::move(path)),
      control_mapping_(std::move(control)),
      control_(static_cast<RingControl*>(control_mapping_.address())),
      generation_(fork_generation()) {}

RingFile::~RingFile() {
  if (generation_ != fork_generation()) {
    control_mapping_.forget();
    const MutexLock lock(mutex_);
    for (Mapping& mapping : mappings_) {
      mapping.forget();
    }
  }
}

Result<std::shared_ptr<RingFile>> RingFile::create(const RingDestination& destination) {
  std::string path;
  auto fd = create_locked(destination.anchor(), path);
  if (!fd) {
    return std::move(fd).error();
  }
  const bool fits = destination.structured_path.size() < sizeof(RingControl::structured_path) &&
                    destination.details_path.size() < sizeof(RingControl::details_path);
  void* const page = fits && maps_safely(fd->get()) && allocate(fd->get(), 0, segment_offset(1))
                         ? map_part(fd->get(), 0, kPageBytes)
                         : nullptr;
  if (page == nullptr) {
    Error error = failure(path);
    unlink(path.c_str());
    return error;
  }
  std::shared_ptr<RingFile> file(new RingFile(std::move(path), Mapping(page, kPageBytes)));
  RingControl& control = file->control();
  control.segment_bytes = kSegmentBytes;
  control.source = tick_source();
  control.pid = static_cast<std::uint32_t>(getpid());
  set_text(control.boot_id, this_boot());
  set_text(control.structured_path, destination.structured_path);
  set_text(control.details_path, destination.details_path);
  control.earlier = control.later = read_clocks(control.source);
  std::atomic_thread_fence(std::memory_order_release);
  control.magic = kRingMagic;
  return file;
}

Result<std::shared_ptr<RingFile>> RingFile::take_over(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) {
    return failure(path);
  }
  struct stat status {};
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0 || fstat(fd.get(), &status) != 0 ||
      status.st_nlink == 0) {
    return std::shared_ptr<RingFile>();
  }
  const bool is_long_enough = S_ISREG(status.st_mode) && status.st_size >= std::int64_t{kPageBytes};
  void* const page = is_long_enough ? map_part(fd.get(), 0, kPageBytes) : nullptr;
  if (page == nullptr) {
    unlink(path.c_str());
    return std::shared_ptr<RingFile>();
  }
  std::shared_ptr<RingFile> file(new RingFile(path, Mapping(page, kPageBytes)));
  if (file->control().magic != kRingMagic || file->control().segment_bytes != kSegmentBytes) {
    file->remove();
    return std::shared_ptr<RingFile>();
  }
  file->control().drainer = static_cast<std::uint32_t>(getpid());
  if (auto mapped = file->map_all(fd.get(), status.st_size); !mapped) {
    return std::move(mapped).error();
  }
  return file;
}

Result<void> RingFile::map_all(int fd, std::int64_t bytes) {
  const std::uint32_t count = std::min(control_->segments.load(), kMaxSegments);
  const MutexLock lock(mutex_);
  for (std::uint32_t i = 0; i < count && segment_offset(i + 1) <= bytes; ++i) {
    void* const address = map_part(fd, segment_offset(i), kSegmentBytes);
    if (address == nullptr) {
      return failure(path_);
    }
    mappings_.emplace_back(address, kSegmentBytes);
    segments_[i] = static_cast<RingSegment*>(address);
    segment_count_.store(i + 1, std::memory_order_release);
  }
  return {};
}

RingDestination RingFile::destination() const {
  RingDestination where{text_in(control_->structured_path), text_in(control_->details_path)};
  // The folder may have been moved since.
  const std::string was = folder_of(where.anchor());
  const std::string now = folder_of(path_);
  for (std::string* path : {&where.structured_path, &where.details_path}) {
    if (!path->empty() && folder_of(*path) == was) {
      *path = now + path->substr(was.size());
    }
  }
  return where;
}

bool RingFile::is_of_this_boot() const {
  return text_in(control_->boot_id) == this_boot();
}

RingSegment* RingFile::acquire_segment() {
  const MutexLock lock(mutex_);
  if (free_.empty()) {
    return add_segment();
  }
  RingSegment* const segment = free_.back();
  free_.pop_back();
  return segment;
}

void RingFile::release_segment(RingSegment* segment) noexcept {
  const MutexLock lock(mutex_);
  free_.push_back(segment);  // (room was made when it was added)
}

int RingFile::held_segments() {
  const MutexLock lock(mutex_);
  return static_cast<int>(mappings_.size() - free_.size());
}

RingSegment* RingFile::add_segment() {
  const std::uint32_t number = segment_count_.load(std::memory_order_relaxed);
  const UniqueFd fd(number < kMaxSegments ? open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)
                                          : -1);
  const std::int64_t offset = segment_offset(number);
  if (!fd || !allocate(fd.get(), offset, std::int64_t{kSegmentBytes})) {
    return nullptr;
  }
  mappings_.reserve(mappings_.size() + 1);
  free_.reserve(mappings_.size() + 1);
  void* const address = map_part(fd.get(), offset, kSegmentBytes);
  if (address == nullptr) {
    return nullptr;
  }
  mappings_.emplace_back(address, kSegmentBytes);
  auto* const segment = static_cast<RingSegment*>(address);
  segments_[number] = segment;
  segment_count_.store(number + 1, std::memory_order_release);
  control_->segments.store(number + 1, std::memory_order_release);
  return segment;
}

void RingFile::remove() noexcept {
  closed_.store(true, std::memory_order_relaxed);
  unlink(path_.c_str());
}

bool RingFile::is_taken_over(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  std::uint32_t drainer = 0;
  return fd &&
         pread(fd.get(), &drainer, sizeof drainer, offsetof(RingControl, drainer)) ==
             ssize_t{sizeof drainer} &&
         drainer != 0;
}

}  // namespace headway
