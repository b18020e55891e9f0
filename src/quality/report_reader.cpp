// The choice between formats, and counts as metrics: see the header.
#include "quality/report_reader.hpp"

#include <utility>

namespace headway {
namespace {

MetricValue counted(const char* name, std::int64_t count) {
  return {name, static_cast<double>(count)};
}

// In percent; without a whole there is no share.
MetricValue share(const char* name, std::int64_t part, std::int64_t whole, const char* why_none) {
  if (whole <= 0) {
    return {name, std::nullopt, why_none};
  }
  return {name, 100.0 * static_cast<double>(part) / static_cast<double>(whole)};
}

// Counts what goes by.
class CountedSource final : public ByteSource {
 public:
  explicit CountedSource(ByteSource& source) : source_(source) {}
  Result<std::size_t> read(char* to, std::size_t room) override {
    auto got = source_.read(to, room);
    count_ += got ? *got : 0;
    return got;
  }
  std::size_t count() const noexcept { return count_; }

 private:
  ByteSource& source_;
  std::size_t count_ = 0;
};

}  // namespace

std::vector<MetricValue> metrics_of(const TestCounts& counts) {
  const std::int64_t executed = counts.total - counts.skipped;
  const std::int64_t passed = executed - counts.failed - counts.errors;
  return {share("pass_rate", passed, executed, "every test was skipped"),
          counted("total", counts.total),
          counted("passed", passed),
          counted("failed", counts.failed),
          counted("errors", counts.errors),
          counted("skipped", counts.skipped)};
}

std::vector<MetricValue> metrics_of(const CoverageCounts& counts) {
  return {share("line", counts.lines_hit, counts.lines, "the report covers no line"),
          share("branch", counts.branches_hit, counts.branches, "the report covers no branch")};
}

std::vector<MetricValue> metrics_of(const FindingCounts& counts) {
  return {counted("error", counts.error),
          counted("warning", counts.warning),
          counted("note", counts.note),
          counted("high", counts.high),
          counted("medium", counts.medium),
          counted("low", counts.low)};
}

Result<void> ReportReader::add(ByteSource& source) {
  CountedSource counted(source);
  auto read = read_one(counted);
  if (counted.count() == 0 && (read || read.error().code == ErrorCode::parse)) {
    return Error{ErrorCode::parse, "it is empty"};
  }
  return read;
}

Result<void> ReportReader::read_one(ByteSource& source) {
  const auto keep = [this](Result<std::vector<MetricValue>> read) -> Result<void> {
    if (!read) {
      return std::move(read).error();
    }
    own_ = *std::move(read);
    return {};
  };
  switch (gate_.format) {
    case ReportFormat::junit:
      return read_junit(source, tests_);
    case ReportFormat::cobertura:
      return read_cobertura(source, coverage_);
    case ReportFormat::lcov:
      return read_lcov(source, coverage_);
    case ReportFormat::coverage_json:
      return read_coverage_json(source, coverage_);
    case ReportFormat::sarif:
      return read_sarif(source, findings_);
    case ReportFormat::json:
      return keep(read_json_metrics(source, gate_.metrics));
    case ReportFormat::regex:
      return keep(read_regex_metrics(source, gate_.metrics));
    case ReportFormat::exit:
      break;
  }
  return Error{ErrorCode::internal, "format exit reads no report"};
}

std::vector<MetricValue> ReportReader::metrics() const {
  switch (gate_.format) {
    case ReportFormat::junit:
      return metrics_of(tests_);
    case ReportFormat::cobertura:
    case ReportFormat::lcov:
    case ReportFormat::coverage_json:
      return metrics_of(coverage_);
    case ReportFormat::sarif:
      return metrics_of(findings_);
    default:
      return own_;
  }
}

}  // namespace headway
