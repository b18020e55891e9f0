// Compiling on demand: see the header.
#include "diagnostics/pattern_cache.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace headway {
namespace {

// Bounds the program of one pattern and the states that it may keep.
constexpr std::int64_t kMaxPatternBytes = std::int64_t{2} << 20;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxPatternBytes);
  return options;
}

re2::StringPiece piece_of(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

std::string PatternCache::problem_of(std::string_view text) {
  return RE2(piece_of(text), options()).error();
}

std::shared_ptr<const RE2> PatternCache::get(int number, std::string_view text) {
  {
    const MutexLock lock(mutex_);
    const auto known = entries_.find(number);
    if (known != entries_.end()) {
      known->second.asked = ++clock_;
      return known->second.pattern;
    }
  }
  // Not under the lock: two threads may compile the same one, and one of them wins.
  auto made = std::make_shared<const RE2>(piece_of(text), options());
  const MutexLock lock(mutex_);
  make_room();
  Entry& entry = entries_[number];
  entry = {.pattern = std::move(made), .asked = ++clock_};
  return entry.pattern;
}

void PatternCache::make_room() {
  if (entries_.size() < kMost) {
    return;
  }
  const auto oldest =
      std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
        return a.second.asked < b.second.asked;
      });
  entries_.erase(oldest);
}

std::size_t PatternCache::size() const {
  const MutexLock lock(mutex_);
  return entries_.size();
}

}  // namespace headway
