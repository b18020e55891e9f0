// The history as JSON, in the shape of the original (docs/reference/history-json.md). Text only:
// see profile_store.hpp for files.
#pragma once

#include "headway/result.hpp"
#include "headway/timing.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// {"profiles": [...]}, one line a profile. Never fails.
std::string to_history_json(const std::vector<WorkflowTimingProfile>& profiles);

// Reads it, in the order of the text; an empty object or array is an empty history. Times may be
// RFC 3339, Python's isoformat() without a zone (taken as UTC), or seconds since 1970. A negative
// duration, which a clock step left in data of the original, is read as 0. Error parse: names the
// place in the text.
Result<std::vector<WorkflowTimingProfile>> parse_history_json(std::string_view text);

}  // namespace headway
