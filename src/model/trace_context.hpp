// Trace context: the ids by which a run, its stages and their attempts are spans of a distributed
// trace (W3C Trace Context, level 1). Pure; knows no exporter.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The span that a run is part of, as a `traceparent` tells it.
struct TraceContext {
  std::string trace_id;   // 32 lower-case hex digits, not all zero
  std::string parent_id;  // 16 of the span around, not all zero
};

// Of a `traceparent` (section 3.2). Nothing where it is malformed: one starts a trace of one's own
// then (section 4.3). Of a later version what level 1 knows is taken.
std::optional<TraceContext> parse_trace_parent(std::string_view text);

// The `TRACEPARENT` among "NAME=value" entries where it is well-formed, else empty.
std::string trace_parent_in(const std::vector<std::string>& environment);

// The trace that a run belongs to: that of `trace_parent`, or the run id itself where it is
// malformed or empty (the 16 bytes of a UUID are a trace id as they are).
std::string trace_id_of(std::string_view run_id, std::string_view trace_parent);

// What of a run a span covers: all of it, a stage of it, or an attempt of that stage.
struct SpanPlace {
  int stage_id = -1;  // -1: the run
  int attempt = 0;    // from 1 on; 0: the stage with all its attempts
};

// 16 hex digits, never all zero, the same for the same arguments: two runs within one trace differ.
std::string span_id_of(std::string_view run_id, SpanPlace place);

// Appends "00-TRACE-SPAN-01".
void append_trace_parent(std::string& out, std::string_view trace_id, std::string_view span_id);

}  // namespace headway
