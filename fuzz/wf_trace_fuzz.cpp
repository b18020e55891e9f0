// Recorded runs in WfFormat: any bytes give a trace without a cycle, or an error.
#include "timing/wf_trace.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto trace = headway::parse_wf_trace(text, "fuzz.json");
  if (!trace) {
    return trace.error().message.empty() ? (std::abort(), 0) : 0;
  }
  for (const headway::WfTask& task : trace->tasks) {
    if (task.id.empty() || !(task.runtime.count() >= 0) || !(task.cores > 0)) {
      std::abort();
    }
  }
  headway::wf_stage_name(text, true);
  return 0;
}
