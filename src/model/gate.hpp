// Gate: what a workflow file says of one quality gate, and what a lane asks of its metrics. Plain
// values; knows nothing of reports and of running.
#pragma once

#include "model/problem.hpp"
#include "model/stage_command.hpp"
#include "model/threshold.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// What a gate's numbers are read from. Spelled in files and in JSON by to_string().
enum class ReportFormat : std::uint8_t {
  exit,  // the exit code of the gate's command
  junit,
  cobertura,
  lcov,
  coverage_json,
  sarif,
  json,  // numbers at JSON pointers
  regex  // numbers that expressions capture
};

// "exit", "junit", ..., "coverage-json".
std::string_view to_string(ReportFormat format) noexcept;
std::optional<ReportFormat> report_format_named(std::string_view name) noexcept;
// Of all formats, in the order of the enum.
const std::vector<std::string_view>& report_format_names();

// One number of a `json` or `regex` gate: its name, and the JSON pointer or the expression.
struct GateMetric {
  std::string name;
  std::string where;
};

// One gate. It has a report or a command or both; without a report what its command prints is read.
struct Gate {
  std::string key;
  ReportFormat format = ReportFormat::exit;
  std::string report;               // a path or a glob, relative to the workflow file's folder
  std::optional<StageCommand> run;  // makes the report
  std::vector<GateMetric> metrics;  // of json and regex; else empty
  Position at;
};

// The names of the metrics that the gate can have.
std::vector<std::string_view> metric_names(const Gate& gate);

// What a lane asks: that metric of Workflow::gates[gate].
struct LaneThreshold {
  int gate = 0;
  std::string metric;
  Threshold threshold;
};

}  // namespace headway
