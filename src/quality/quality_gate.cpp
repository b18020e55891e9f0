// QualityGate: see include/headway/quality.hpp.
#include "base/capture_pattern.hpp"
#include "headway/quality.hpp"
#include "model/gate.hpp"
#include "quality/gate_judgement.hpp"
#include "quality/report_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

// The options, once they are known to be right.
Gate gate_of(const GateOptions& options) {
  Gate gate;
  gate.key = options.name;
  gate.format = report_format_named(options.format).value_or(ReportFormat::exit);
  gate.report = options.report;
  for (const auto& [name, where] : options.metrics) {
    gate.metrics.push_back({name, where});
  }
  return gate;
}

std::vector<MetricThreshold> thresholds_of(const GateOptions& options) {
  std::vector<MetricThreshold> out;
  for (const auto& [metric, text] : options.thresholds) {
    if (const auto threshold = parse_threshold(text)) {
      out.emplace_back(metric, *threshold);
    }
  }
  return out;
}

Error refused(const GateOptions& options, std::string_view why) {
  return {ErrorCode::invalid_argument, fmt::format("gate '{}' {}", options.name, why)};
}

Result<void> check_metrics(const GateOptions& options, ReportFormat format) {
  const bool has_own = format == ReportFormat::json || format == ReportFormat::regex;
  if (has_own == options.metrics.empty()) {
    return refused(options,
                   has_own ? "has no metrics: say where each number stands"
                           : "has metrics of its own, which are for json and regex");
  }
  for (const auto& [name, where] : options.metrics) {
    if (format == ReportFormat::json && !where.empty() && !where.starts_with('/')) {
      return refused(options, fmt::format("has '{}', which is no JSON pointer", where));
    }
    if (format != ReportFormat::regex) {
      continue;
    }
    if (const auto pattern = CapturePattern::parse(where); !pattern) {
      return refused(options, fmt::format("has pattern '{}': {}", where, pattern.error().message));
    }
  }
  return {};
}

Result<void> check_thresholds(const GateOptions& options) {
  const Gate gate = gate_of(options);
  const auto names = metric_names(gate);
  for (const auto& [metric, text] : options.thresholds) {
    if (std::find(names.begin(), names.end(), metric) == names.end()) {
      return refused(options,
                     fmt::format("has no metric '{}': it has {}", metric, fmt::join(names, ", ")));
    }
    if (const auto threshold = parse_threshold(text); !threshold) {
      return threshold.error();
    }
  }
  return {};
}

std::vector<GateResult> evaluate_source(const GateOptions& options, Result<FileSource> file) {
  if (!file) {
    return judge_missing(options.name, file.error().message, thresholds_of(options));
  }
  const Gate gate = gate_of(options);
  ReportReader reader(gate);
  if (const auto read = reader.add(*file); !read) {
    return judge_missing(options.name,
                         fmt::format("{}: {}", options.report, read.error().message),
                         thresholds_of(options));
  }
  return judge_metrics(options.name, reader.metrics(), thresholds_of(options), true);
}

}  // namespace

QualityGate::QualityGate(GateOptions options) : options_(std::move(options)) {}

Result<QualityGate> QualityGate::create(GateOptions options) {
  const auto format = report_format_named(options.format);
  if (!format || *format == ReportFormat::exit) {
    return refused(options,
                   fmt::format("has unknown format '{}': one of junit, cobertura, lcov, "
                               "coverage-json, sarif, json, regex",
                               options.format));
  }
  if (auto checked = check_metrics(options, *format); !checked) {
    return std::move(checked).error();
  }
  if (auto checked = check_thresholds(options); !checked) {
    return std::move(checked).error();
  }
  return QualityGate(std::move(options));
}

std::vector<GateResult> QualityGate::evaluate() const {
  return evaluate_source(options_, FileSource::open(options_.report, kMaxReportBytes));
}

std::vector<GateResult> QualityGate::evaluate_text(std::string_view report) const {
  const Gate gate = gate_of(options_);
  ReportReader reader(gate);
  TextSource source(report);
  if (const auto read = reader.add(source); !read) {
    return judge_missing(options_.name, read.error().message, thresholds_of(options_));
  }
  return judge_metrics(options_.name, reader.metrics(), thresholds_of(options_), true);
}

}  // namespace headway
