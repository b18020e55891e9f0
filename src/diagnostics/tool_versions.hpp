// How programs are asked for their version, and what was answered earlier. Starts nothing.
#pragma once

#include "headway/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The words that make a program tell its version and do nothing else: no network, no change, soon.
// Empty for programs that are not known to be so: they are never started.
std::vector<std::string> version_arguments(std::string_view tool);
// Variables that keep version managers from loading what is missing, as "NAME=value".
const std::vector<std::string>& version_environment();
// The version in what a program printed; empty where there is none.
std::string version_in(std::string_view output);

// A program's file, by what changes when it is replaced.
struct ToolFile {
  std::string path;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;  // since the epoch

  bool operator==(const ToolFile&) const = default;
};

// Whether another version needs another file: not where `file` is a script, or stands for many
// versions (rustup, volta, asdf). Reads the file's first bytes.
bool version_is_fixed(const std::string& file);

// Versions that were asked for earlier, by file. A small JSON file in the state folder; only a
// cache. Not synchronised.
class VersionCache {
 public:
  static constexpr std::size_t kMostEntries = 200;

  // Empty where there is none, or it is damaged.
  static VersionCache read(const std::string& path);
  std::optional<std::string> find(const ToolFile& file) const;
  void remember(const ToolFile& file, std::string version);
  bool is_changed() const noexcept { return is_changed_; }
  Result<void> write(const std::string& path) const;

 private:
  struct Entry {
    ToolFile file;
    std::string version;
  };
  std::vector<Entry> entries_;  // the newest last
  bool is_changed_ = false;
};

}  // namespace headway
