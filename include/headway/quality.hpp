// Quality gates on their own: numbers out of reports of tests, coverage and findings, and whether
// they are good enough. Starts nothing.
// layer: quality
#pragma once

#include "headway/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// One number of a report. Plain value.
struct MetricValue {
  std::string name;             // "pass_rate", "line", "high", ...
  std::optional<double> value;  // nothing where the report does not have it
  std::string reason{};         // why not, in words; else empty
};

// How one metric of a gate stands. Spelled in JSON with these names.
struct GateResult {
  std::string gate;
  std::string metric;           // empty: the report as a whole could not be read
  std::optional<double> value;  // nothing where there is none
  std::string threshold;        // ">= 80"; empty: nothing is asked of it
  bool passed = false;
  std::string reason{};  // why not, in words; else empty
};

// Which report is read, and what is asked of it.
struct GateOptions {
  std::string name;    // of the gate, in results
  std::string format;  // junit, cobertura, lcov, coverage-json, sarif, json or regex
  std::string report;  // the file
  // Of json and regex: the name of each number and its JSON pointer or expression (RE2, with a
  // group).
  std::vector<std::pair<std::string, std::string>> metrics{};
  // Metrics and conditions: {"pass_rate", ">= 80"}.
  std::vector<std::pair<std::string, std::string>> thresholds{};
};

// A gate, checked. Immutable; safe from any thread.
class QualityGate {
 public:
  // Error invalid_argument, naming what is wrong: an unknown format or metric, a bad pointer,
  // expression or condition.
  static Result<QualityGate> create(GateOptions options);

  // Reads the report now: all its metrics, those that are asked for first. A report that is
  // missing, empty or not in its format is a result that did not pass, and says why. Memory does
  // not grow with the report (json: of a single value).
  std::vector<GateResult> evaluate() const;
  // The same for a report that is in memory.
  std::vector<GateResult> evaluate_text(std::string_view report) const;

 private:
  explicit QualityGate(GateOptions options);
  GateOptions options_;
};

// Whether all passed.
bool all_passed(const std::vector<GateResult>& results) noexcept;

}  // namespace headway
