// Reads a report that stands in a test, and tells what came of it in one line.
#pragma once

#include "base/byte_source.hpp"
#include "model/threshold.hpp"
#include "quality/report_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// "pass_rate=50 total=2 ...", "-" for a metric without a value; "error: ..." where it is refused.
inline std::string report_line(const Gate& gate, std::string_view text) {
  ReportReader reader(gate);
  TextSource source(text);
  if (auto read = reader.add(source); !read) {
    return "error: " + read.error().message;
  }
  std::string line;
  for (const MetricValue& metric : reader.metrics()) {
    line += line.empty() ? "" : " ";
    line += metric.name + "=" + (metric.value ? metric_text(*metric.value) : "-");
  }
  return line;
}

inline std::string report_line(ReportFormat format, std::string_view text) {
  Gate gate;
  gate.key = "gate";
  gate.format = format;
  return report_line(gate, text);
}

}  // namespace headway
