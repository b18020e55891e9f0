// A run as an OTLP/JSON trace (opentelemetry.io/docs/specs/otlp): one span for the run, one for
// each stage, one for each attempt. Pure: opens no file, sends nothing.
#pragma once

#include "report/run_attempts.hpp"

#include <string>

namespace headway {

// One ExportTraceServiceRequest as OTLP/JSON has it (ids in hexadecimal, 64-bit numbers as
// strings), with a newline at its end: what an OTLP/HTTP receiver takes at /v1/traces. Names are
// those of the semantic conventions for CI/CD (`cicd.pipeline.*`) and version control
// (`vcs.*`), 1.37; what they do not know begins with `headway.`. The run's span is of kind SERVER,
// a child of the span in `TRACEPARENT` where there was one. A stage that did not start is a span
// without length, its result `skip`. A run that goes on still is told up to its newest event,
// without results.
std::string otlp_report(const RunAttempts& run);

}  // namespace headway
