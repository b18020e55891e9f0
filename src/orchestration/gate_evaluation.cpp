// See gate_evaluation.hpp.
#include "orchestration/gate_evaluation.hpp"

#include "base/files.hpp"
#include "base/signal_name.hpp"
#include "quality/report_reader.hpp"

#include <fmt/format.h>

#include <csignal>

namespace headway {
namespace {

// Tools that say by their exit code that they found something, in formats that say it better.
bool may_fail(ReportFormat format) {
  return format == ReportFormat::junit || format == ReportFormat::sarif;
}

// Why the command of the gate is no good; empty where it is.
std::string trouble_with(const Exit& exit, ReportFormat format) {
  if (exit.start_failed) {
    return fmt::format("its command could not be started: {}", exit.error);
  }
  if (exit.signal != 0) {
    return "its command was killed by " + signal_name(exit.signal);
  }
  if (exit.exit_code != 0 && format != ReportFormat::exit && !may_fail(format)) {
    return fmt::format("its command failed with exit code {}", exit.exit_code);
  }
  return "";
}

Result<void> read_file_into(ReportReader& reader, const std::string& path) {
  auto file = FileSource::open(path, kMaxReportBytes);
  if (!file) {
    return file.error();
  }
  return reader.add(*file);
}

// What the command printed is the report.
Result<void> read_output(ReportReader& reader, const GateCase& gate_case) {
  if (!path_exists(gate_case.output)) {
    return Error{ErrorCode::not_found, "its command printed nothing"};
  }
  auto read = read_file_into(reader, gate_case.output);
  return read ? read
              : Error{read.error().code,
                      fmt::format("what its command printed: {}", read.error().message)};
}

Result<void> read_reports(ReportReader& reader, const GateCase& gate_case) {
  const Gate& gate = *gate_case.gate;
  const auto files = report_files(gate_case.directory, gate.report);
  if (!files) {
    return files.error();
  }
  const bool takes_one = gate.format == ReportFormat::json || gate.format == ReportFormat::regex;
  if (takes_one && files->size() > 1) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("'{}' means {} files, and {} reads one",
                             gate.report,
                             files->size(),
                             to_string(gate.format))};
  }
  for (const std::string& path : *files) {
    if (gate_case.before != nullptr && gate_case.before->is_unchanged(path)) {
      return Error{
          ErrorCode::conflict,
          fmt::format("{}: the same file as before the stage: nothing was written to it", path)};
    }
    if (auto read = read_file_into(reader, absolute_path(gate_case.directory, path)); !read) {
      const bool names_it = read.error().code != ErrorCode::parse;
      return Error{
          read.error().code,
          names_it ? read.error().message : fmt::format("{}: {}", path, read.error().message)};
    }
  }
  return {};
}

}  // namespace

std::vector<MetricThreshold> thresholds_of(const Workflow& workflow, const Lane& lane, int gate) {
  std::vector<MetricThreshold> out;
  for (const LaneThreshold& asked : lane.thresholds) {
    if (asked.gate == gate) {
      out.emplace_back(asked.metric, asked.threshold);
    }
  }
  if (out.empty() && workflow.gates[static_cast<std::size_t>(gate)].format == ReportFormat::exit) {
    out.emplace_back("exit_code", Threshold{Comparison::equal, 0});
  }
  return out;
}

std::vector<GateResult> evaluate_gate(const GateCase& gate_case) {
  const Gate& gate = *gate_case.gate;
  const auto& thresholds = gate_case.thresholds;
  if (gate_case.ended) {
    if (const std::string trouble = trouble_with(*gate_case.ended, gate.format); !trouble.empty()) {
      return judge_missing(gate.key, trouble, thresholds);
    }
  }
  if (gate.format == ReportFormat::exit) {
    const double code = gate_case.ended ? gate_case.ended->exit_code : 0;
    return judge_metrics(gate.key, {{"exit_code", code}}, thresholds, true);
  }
  ReportReader reader(gate);
  const auto read =
      gate.report.empty() ? read_output(reader, gate_case) : read_reports(reader, gate_case);
  if (!read) {
    return judge_missing(gate.key, read.error().message, thresholds);
  }
  // What a file asks for by itself must be there.
  const bool wants_all = gate.format == ReportFormat::json || gate.format == ReportFormat::regex;
  return judge_metrics(gate.key, reader.metrics(), thresholds, wants_all);
}

}  // namespace headway
