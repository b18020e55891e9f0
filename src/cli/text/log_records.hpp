// Records of log.jsonl: which are wanted, and how people read them. Pure; opens no file.
#pragma once

#include "base/json.hpp"
#include "cli/terminal/paint.hpp"
#include "headway/result.hpp"
#include "headway/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// Which records are wanted; empty members want all.
struct RecordFilter {
  std::int64_t min_severity = 0;  // OpenTelemetry's numbers
  std::optional<WallTime> since{};
  std::string stage{};  // key or name
};

// "debug" to "critical", and the severity of each. Nothing for other texts.
std::optional<std::int64_t> severity_of(std::string_view level);
std::vector<std::string> level_spellings();

// "10m" (ago, from `now`) or an RFC 3339 time.
Result<WallTime> parse_since(std::string_view text, WallTime now);

bool is_wanted(const Json& record, const RecordFilter& filter);

// "01:02:03.456 WARNING stage is tried again  stage=unit attempt=1", newline included; verbose:
// with the place in the source and the process.
std::string record_line(const Json& record, const Paint& paint, bool verbose);

}  // namespace headway::cli
