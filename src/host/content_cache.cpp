// See content_cache.hpp.
#include "host/content_cache.hpp"

#include "base/files.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <type_traits>

namespace headway {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

// What the file begins with; the checksum of all before it ends it. Numbers are as this machine
// has them: a file of another one does not begin so.
struct Head {
  std::array<char, 8> magic{'H', 'W', 'F', 'I', 'L', 'E', 'S', '1'};
  std::uint64_t order = 0x0102030405060708;
  std::int64_t written_ns = 0;
  std::uint64_t count = 0;
};

template <typename T>
void append(std::string& out, const T& value) {
  static_assert(std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
T take(std::string_view& bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

}  // namespace

std::int64_t file_clock_now_ns() noexcept {
  const UniqueFd fd(::memfd_create("headway-clock", MFD_CLOEXEC));
  struct stat status {};
  const bool written = fd && ::write(fd.get(), "x", 1) == 1 && ::fstat(fd.get(), &status) == 0;
  return written ? stamp_of(status).modified_ns : 0;
}

bool shows_changes(const FileStamp& stamp, std::int64_t now_ns) noexcept {
  return stamp.changed_ns % kNanosPerSecond != 0 && stamp.changed_ns < now_ns - kFileClockTickNs;
}

ContentCache ContentCache::load(const std::string& path, std::int64_t now_ns) {
  const auto bytes = read_file(path);
  if (!bytes) {
    ContentCache none;
    if (bytes.error().code != ErrorCode::not_found) {
      none.trouble_ = bytes.error().message;
    }
    return none;
  }
  if (auto cache = decode(*bytes, now_ns)) {
    return std::move(*cache);
  }
  ContentCache anew;
  anew.changed_ = true;  // what is there is not kept
  anew.trouble_ = fmt::format(
      "{} is damaged, or of a time when the clock was ahead: every input "
      "is read again",
      path);
  return anew;
}

std::optional<ContentCache> ContentCache::decode(std::string_view bytes, std::int64_t now_ns) {
  static_assert(sizeof(Entry) == 64);
  constexpr std::size_t kFrame = sizeof(Head) + sizeof(std::uint64_t);
  if (bytes.size() < kFrame || (bytes.size() - kFrame) % sizeof(Entry) != 0) {
    return std::nullopt;
  }
  std::string_view tail = bytes.substr(bytes.size() - sizeof(std::uint64_t));
  bytes.remove_suffix(tail.size());
  const Head expected;
  std::string_view rest = bytes;
  const auto head = take<Head>(rest);
  if (head.magic != expected.magic || head.order != expected.order || head.written_ns > now_ns ||
      head.count != rest.size() / sizeof(Entry) ||
      take<std::uint64_t>(tail) != short_digest_of(bytes)) {
    return std::nullopt;
  }
  ContentCache cache;
  cache.entries_.reserve(head.count);
  while (!rest.empty()) {
    const auto entry = take<Entry>(rest);
    cache.entries_[entry.place].entry = entry;
  }
  return cache;
}

std::string ContentCache::encode(std::int64_t now_ns) const {
  const bool all = entries_.size() <= kMaxEntries;
  Head head;
  head.written_ns = now_ns;
  std::string out;
  out.reserve(sizeof head + entries_.size() * sizeof(Entry) + sizeof(std::uint64_t));
  append(out, head);
  for (const auto& [place, kept] : entries_) {
    if (all || kept.used) {
      append(out, kept.entry);
      ++head.count;
    }
  }
  std::memcpy(out.data(), &head, sizeof head);
  append(out, short_digest_of(out));
  return out;
}

Result<void> ContentCache::save(const std::string& path, std::int64_t now_ns) const {
  return changed_ ? write_file_atomically(path, encode(now_ns), Durability::process)
                  : Result<void>();
}

std::optional<ContentDigest> ContentCache::find(std::uint64_t place, const FileStamp& stamp) {
  const auto found = entries_.find(place);
  if (found == entries_.end()) {
    return std::nullopt;
  }
  const Entry& entry = found->second.entry;
  const bool same = entry.device == stamp.device && entry.inode == stamp.inode &&
                    entry.size == stamp.size && entry.modified_ns == stamp.modified_ns &&
                    entry.changed_ns == stamp.changed_ns;
  if (!same) {
    return std::nullopt;
  }
  found->second.used = true;
  return entry.digest;
}

void ContentCache::put(std::uint64_t place, const FileStamp& stamp, const ContentDigest& digest) {
  entries_[place] = {
      {place, stamp.device, stamp.inode, stamp.size, stamp.modified_ns, stamp.changed_ns, digest},
      true};
  changed_ = true;
}

}  // namespace headway
