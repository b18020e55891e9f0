// LineFeatures: what the choice of lines is made of: numbers about a line, its neighbours and its
// place in the log. Knows no weights (excerpt_model.hpp) and no text.
#pragma once

#include "diagnostics/line_record.hpp"
#include "diagnostics/log_digest.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace headway {

// Signals that are looked at together in a line's neighbourhood.
inline constexpr int kSignalGroups = 19;
inline constexpr int kCountedGroups = 10;
inline constexpr int kLineFeatures = 146;

// Every feature is a small number: a flag, a count, or a logarithm of a distance. How distances are
// told apart: near ones exactly, far ones by their order of magnitude.
using FeatureRow = std::array<std::uint8_t, kLineFeatures>;

// 0 for 0, 1 for 1, ...; four steps an octave from 8 on; 60 at most.
std::uint8_t scaled(std::uint64_t value) noexcept;

// The features of the lines of one log. `records` and `kinds` must outlive it. Pure.
class LineFeatures {
 public:
  LineFeatures(std::span<const LineRecord> records, const KindCounts& kinds, std::int64_t lines);

  FeatureRow of(std::size_t line) const;
  // What is known without any tree, added to their sum: the mark of a test runner on a failed test,
  // and what follows it, are nearly always the reason, also where few logs to learn from have such.
  float prior(std::size_t line) const;
  // True where it is worth asking: near a sign of failure, or near the end.
  bool is_candidate(std::size_t line) const;

 private:
  void measure_distances();
  void measure_paragraphs();

  struct Paragraph {
    std::uint32_t first = 0, last = 0;  // records, without the blank line that ends it
    SignalMask head = 0;                // signals of its first line
    SignalMask all = 0;
  };

  std::span<const LineRecord> records_;
  const KindCounts& kinds_;
  std::int64_t lines_;
  std::vector<std::array<std::uint8_t, kSignalGroups>> before_, after_;  // scaled distances
  std::vector<std::array<std::uint8_t, kCountedGroups>> ordinal_;        // scaled; up to here
  std::array<std::uint32_t, kCountedGroups> total_{};
  std::vector<Paragraph> paragraphs_;
  std::vector<std::uint32_t> paragraph_of_;
};

}  // namespace headway
