// The document of `run --json` and `show --json` (docs/reference/json.md), made of a RunState.
// Pure: reads no file and no clock.
#pragma once

#include "base/secrets.hpp"

#include <string>

namespace headway {

struct RunState;
struct StageState;

// One JSON object without a trailing newline; every field is there, null where it is not known.
// `folder` is the run's, absolute.
std::string run_document(const RunState& state,
                         const std::string& folder,
                         const SecretSet& secrets);

// What broke, in one line: "exit code 2 after 1.2 s", "timed out after 10 min 00 s". For a stage
// that failed.
std::string explain_failure(const StageState& stage);

}  // namespace headway
