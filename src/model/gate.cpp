// See gate.hpp.
#include "model/gate.hpp"

#include <algorithm>
#include <iterator>

namespace headway {
namespace {

constexpr std::string_view kExit[] = {"exit_code"};
constexpr std::string_view kJunit[] = {
    "pass_rate", "total", "passed", "failed", "errors", "skipped"};
constexpr std::string_view kCoverage[] = {"line", "branch"};
constexpr std::string_view kSarif[] = {"error", "warning", "note", "high", "medium", "low"};

template <std::size_t N>
std::vector<std::string_view> list(const std::string_view (&names)[N]) {
  return {std::begin(names), std::end(names)};
}

}  // namespace

const std::vector<std::string_view>& report_format_names() {
  static const std::vector<std::string_view> kNames{
      "exit", "junit", "cobertura", "lcov", "coverage-json", "sarif", "json", "regex"};
  return kNames;
}

std::string_view to_string(ReportFormat format) noexcept {
  return report_format_names()[static_cast<std::size_t>(format)];
}

std::optional<ReportFormat> report_format_named(std::string_view name) noexcept {
  const auto& names = report_format_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    return std::nullopt;
  }
  return static_cast<ReportFormat>(found - names.begin());
}

std::vector<std::string_view> metric_names(const Gate& gate) {
  switch (gate.format) {
    case ReportFormat::exit:
      return list(kExit);
    case ReportFormat::junit:
      return list(kJunit);
    case ReportFormat::cobertura:
    case ReportFormat::lcov:
    case ReportFormat::coverage_json:
      return list(kCoverage);
    case ReportFormat::sarif:
      return list(kSarif);
    case ReportFormat::json:
    case ReportFormat::regex:
      break;
  }
  std::vector<std::string_view> names;
  for (const GateMetric& metric : gate.metrics) {
    names.push_back(metric.name);
  }
  return names;
}

}  // namespace headway
