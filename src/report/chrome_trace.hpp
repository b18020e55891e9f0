// A run in the Trace Event Format that chrome://tracing, Perfetto and Speedscope open: a row for
// each slot, a slice for each attempt, counters for CPUs and memory. Pure.
#pragma once

#include "report/run_attempts.hpp"

#include <string>

namespace headway {

// The JSON object form, with a newline at its end. Times in microseconds since the start of the
// run. An attempt under way lasts up to the newest event.
std::string chrome_trace(const RunAttempts& run);

}  // namespace headway
