// Writing a WfTrace as WfFormat 1.5 (github.com/wfcommons/WfFormat, wfcommons-schema.json). Pure;
// knows nothing of where the trace comes from nor where the text goes.
#pragma once

#include "headway/types.hpp"
#include "timing/wf_trace.hpp"

#include <cstdint>
#include <string>

namespace headway {

// What a document says beside the tasks. Empty or zero: not known, and left out.
struct WfAbout {
  std::string description;
  WallTime executed_at{};
  std::string system_version;  // of Headway
  std::string host;            // empty: nothing of the machine is written
  std::string kernel;
  int host_cores = 0;
  std::int64_t host_memory_bytes = 0;
};

// One JSON document, without a newline at its end: read back by parse_wf_trace() it gives the same
// tasks, needs and times. `children` are made of the needs. The ids stand as they are: the schema
// wants letters, digits, '-', '_' and '.' alone (see wf_id()).
std::string write_wf_trace(const WfTrace& trace, const WfAbout& about = {});

// `text` with everything that the schema does not allow in an id replaced by '_'. Never empty.
std::string wf_id(std::string_view text);

}  // namespace headway
