// See gate_table.hpp.
#include "cli/text/gate_table.hpp"

#include "cli/terminal/text_table.hpp"
#include "model/threshold.hpp"

namespace headway::cli {

std::string gate_table(const std::vector<GateChecked>& gates,
                       const Paint& paint,
                       bool verbose,
                       int width) {
  TextTable table({"", "", ">", "", "*"});
  for (const GateChecked& gate : gates) {
    const bool is_asked = !gate.threshold.empty() || !gate.passed;
    if (!is_asked && !verbose) {
      continue;
    }
    const Tone tone = !gate.passed ? Tone::bad : is_asked ? Tone::good : Tone::dim;
    table.add({{!gate.passed ? "FAIL"
                : is_asked   ? "pass"
                             : "",
                tone},
               {gate.metric.empty() ? gate.gate : gate.gate + "." + gate.metric, Tone::normal},
               {gate.value ? metric_text(*gate.value) : "-", Tone::normal},
               {gate.threshold, Tone::normal},
               {gate.value ? "" : gate.reason, Tone::normal}});
  }
  return table.empty() ? "" : table.render(paint, width, 2);
}

}  // namespace headway::cli
