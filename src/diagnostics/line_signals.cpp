// Three RE2::Sets over all patterns: see the header.
#include "diagnostics/line_signals.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <array>
#include <cstdlib>
#include <mutex>
#include <string>

namespace headway {
namespace {

constexpr std::int64_t kAutomatonBytes = std::int64_t{8} << 20;

RE2::Options options() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);  // logs hold bytes that are no UTF-8
  options.set_log_errors(false);
  options.set_max_mem(kAutomatonBytes);
  options.set_never_capture(true);
  return options;
}

// The patterns of one place.
struct PatternSet {
  explicit PatternSet(RE2::Anchor anchor) : set(options(), anchor) {}
  RE2::Set set;
  std::vector<SignalMask> masks;
};

}  // namespace

struct LineSignals::Patterns {
  Patterns();
  std::array<PatternSet, kSignalPlaces> sets = {
      PatternSet(RE2::ANCHOR_START), PatternSet(RE2::UNANCHORED), PatternSet(RE2::UNANCHORED)};
};

LineSignals::Patterns::Patterns() {
  for (const SignalPattern& pattern : signal_patterns()) {
    PatternSet& patterns = sets[static_cast<std::size_t>(pattern.place)];
    std::string error;
    if (patterns.set.Add(pattern.pattern, &error) < 0) {
      std::abort();  // a mistake in our own table, seen by the first test that runs
    }
    patterns.masks.push_back(mask_of(pattern.signal));
  }
  for (PatternSet& patterns : sets) {
    if (!patterns.set.Compile()) {
      std::abort();
    }
  }
}

std::shared_ptr<const LineSignals::Patterns> LineSignals::patterns() {
  static std::mutex mutex;
  static std::weak_ptr<const Patterns> shared;
  const std::lock_guard lock(mutex);
  auto patterns = shared.lock();
  if (!patterns) {
    patterns = std::make_shared<const Patterns>();
    shared = patterns;
  }
  return patterns;
}

LineSignals::LineSignals() : patterns_(patterns()), seen_(kSeen) {}

LineSignals::~LineSignals() = default;

SignalMask LineSignals::of(std::string_view line) {
  line = line.substr(0, kMaxLookedAt);
  const re2::StringPiece text(line.data(), line.size());
  SignalMask mask = 0;
  for (const PatternSet& patterns : patterns_->sets) {
    if (patterns.set.Match(text, &hits_)) {
      for (const int hit : hits_) {
        mask |= patterns.masks[static_cast<std::size_t>(hit)];
      }
    }
  }
  return mask;
}

SignalMask LineSignals::of(std::string_view line, std::uint32_t look) {
  Seen& seen = seen_[look & (kSeen - 1)];
  if (seen.look != look || look == 0) {
    seen = {.look = look, .mask = of(line)};
  }
  return seen.mask;
}

}  // namespace headway
