// PatternCache: patterns, compiled when they are first asked for. Most are never, and one takes
// some 15 KB; those that have not been asked for the longest go when there are many. Knows no
// rules.
#pragma once

#include "base/mutex.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace re2 {
class RE2;
}

namespace headway {

// Thread-safe.
class PatternCache {
 public:
  // Compiled ones that are kept.
  static constexpr std::size_t kMost = 128;

  // The pattern of that number, `text` in RE2's syntax; the same for a number each time. One that
  // is no RE2 or too large comes back with ok() false. Never null.
  std::shared_ptr<const re2::RE2> get(int number, std::string_view text);

  // What is wrong with a pattern; empty where nothing is.
  static std::string problem_of(std::string_view text);

  // How many are compiled now.
  std::size_t size() const;

 private:
  struct Entry {
    std::shared_ptr<const re2::RE2> pattern;
    std::uint64_t asked = 0;
  };
  void make_room() HEADWAY_REQUIRES(mutex_);

  mutable Mutex mutex_;  // the patterns themselves are thread-safe
  std::unordered_map<int, Entry> entries_ HEADWAY_GUARDED_BY(mutex_);
  std::uint64_t clock_ HEADWAY_GUARDED_BY(mutex_) = 0;
};

}  // namespace headway
