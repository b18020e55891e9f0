// ContentCache: digests of files that were read once, by the stamps that they had then, so that
// what has not changed is not read again. One small file; knows nothing of what the files are for.
#pragma once

#include "host/file_set.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace headway {

// The time that this kernel writes into files that are changed now, in nanoseconds since 1970: what
// a file says that was just written (in memory: no disk is touched). No other clock is compared
// with stamps. 0: not to be had, and nothing is trusted.
std::int64_t file_clock_now_ns() noexcept;

// The stamp of a file that is changed now is at most this much older than the one of a file that
// was changed before: the kernel's tick (10 ms where it is slow), twice.
inline constexpr std::int64_t kFileClockTickNs = 20'000'000;

// Whether a change of the file after `now_ns` must show in its stamp: it was not changed in this
// tick or "later", and its file system keeps more than whole seconds.
bool shows_changes(const FileStamp& stamp, std::int64_t now_ns) noexcept;

// Digests by place and stamp. A file that is damaged, of another version, or written when the clock
// showed a later time than now counts as empty: everything is read again, nothing else is lost. Not
// synchronised; two processes may use one file: each reads and writes it whole.
class ContentCache {
 public:
  // Beyond this, what was not asked for is forgotten at save().
  static constexpr std::size_t kMaxEntries = 1 << 20;

  ContentCache() = default;
  // Reads the file; empty where there is none. `now_ns` is of file_clock_now_ns().
  static ContentCache load(const std::string& path, std::int64_t now_ns);
  // The content of the file: see docs/design/inputs.md for the format.
  static std::optional<ContentCache> decode(std::string_view bytes, std::int64_t now_ns);
  std::string encode(std::int64_t now_ns) const;
  // Replaces the file where anything was put. Its error names the path.
  Result<void> save(const std::string& path, std::int64_t now_ns) const;

  // `place`: a digest of the absolute path.
  std::optional<ContentDigest> find(std::uint64_t place, const FileStamp& stamp);
  void put(std::uint64_t place, const FileStamp& stamp, const ContentDigest& digest);
  std::size_t size() const noexcept { return entries_.size(); }
  bool is_changed() const noexcept { return changed_; }
  // Why load() began anew, in words; or empty.
  const std::string& trouble() const noexcept { return trouble_; }

 private:
  // One file as it is on disk, 64 bytes.
  struct Entry {
    std::uint64_t place = 0, device = 0, inode = 0;
    std::int64_t size = 0, modified_ns = 0, changed_ns = 0;
    ContentDigest digest;
  };
  struct Kept {
    Entry entry;
    bool used = false;
  };

  std::unordered_map<std::uint64_t, Kept> entries_;  // by place
  std::string trouble_;
  bool changed_ = false;
};

}  // namespace headway
