// Two runs side by side in words, and as JSON. Pure: knows no stream.
#pragma once

#include "cli/terminal/paint.hpp"
#include "record/run_comparison.hpp"

#include <string>

namespace headway::cli {

// Heading, one line a stage, and what explains the difference. `width` 0: no limit.
std::string comparison_text(const RunComparison& runs, const Paint& paint, int width);

// "12 s -> 17 s (+5 s, +42 %)".
std::string change_text(double before_seconds, double after_seconds);

// The document of `compare --json` (docs/reference/json.md).
std::string comparison_document(const RunComparison& runs);

}  // namespace headway::cli
