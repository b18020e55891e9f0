// The few lines of an explanation that a person wants first. Pure; decides no cause.
#pragma once

#include "model/failure_explained.hpp"

#include <cstdint>

namespace headway::cli {

// An explanation with fewer lines, and how many were left out.
struct BriefExplanation {
  FailureExplained explained;
  std::int64_t left_out = 0;
};

// From this confidence on, of the cause, the lines around the one that says most and around the
// first evidence of each suggestion are enough; below it all lines stay, as any may matter.
inline constexpr double kBriefFrom = 0.8;
inline constexpr std::int64_t kBriefBefore = 6;  // lines around the one that says most
inline constexpr std::int64_t kBriefAfter = 4;
inline constexpr std::int64_t kBriefBeside = 1;  // lines on either side of other evidence
BriefExplanation brief_of(FailureExplained explained);

}  // namespace headway::cli
