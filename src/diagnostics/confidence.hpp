// How sure an answer is: from how often such answers were right where that was counted. Pure.
#pragma once

#include "diagnostics/rule.hpp"

#include <cstdint>

namespace headway {

// How often a suggestion of this rule is right beside the line that says most, within 0 and 1:
// (right + s * m) / (of + s), the mean of a Beta distribution after what was counted of the rule.
// Its prior, with mean m and strength s, is fitted to all rules of that rank (empirical Bayes;
// Casella 1985, "An Introduction to Empirical Bayes Data Analysis"), so that a rule that was seen
// once is taken for one of its kind. At most kMostConfidence: a log can always mean something else.
inline constexpr double kMostConfidence = 0.99;
double confidence_of(const Rule& rule) noexcept;

// Where a rule was found.
enum class LinePlace : std::uint8_t {
  beside,  // within kNearLines of the line that says most
  likely,  // elsewhere; the model thinks something of the line, or the log is short
  faint,   // elsewhere
};
inline constexpr std::int64_t kNearLines = 3;
inline constexpr std::int64_t kShortLog = 30;  // lines: all are shown, and few are noise
inline constexpr double kLikelyGain = 0.1;     // WeighedHit::gain

// `anchor`: the line that says most, 0: none; `gain`: what the model thinks of `line`; `lines`: of
// the log.
LinePlace place_of(std::int64_t line,
                   double gain,
                   std::int64_t anchor,
                   std::int64_t lines) noexcept;

// The share of a rule's confidence that is left there, as it was measured.
double share_of(LinePlace place) noexcept;

}  // namespace headway
