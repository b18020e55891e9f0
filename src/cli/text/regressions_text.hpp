// Changes of level in words and as JSON. Pure: finds none, knows no stream.
#pragma once

#include "base/json_writer.hpp"
#include "cli/terminal/paint.hpp"
#include "timing/regressions.hpp"

#include <string>
#include <string_view>

namespace headway::cli {

// "build: slower since run 1a2b3c4d (commit 0123456789, 8 runs ago): 12 s -> 17 s, +42 %, own
// time".
std::string change_line(const LevelChange& change);

// All of them under headings, with their evidence; empty where there is none.
std::string regressions_text(const Regressions& found, const Paint& paint);

// "regressions" and "improvements", each an array (docs/reference/json.md).
void write_regressions(JsonWriter& json, const Regressions& found);

}  // namespace headway::cli
