// From the bytes of a report to its metrics: one function a format, and the choice between them.
// Pure but for the source; memory does not grow with the report. Knows no thresholds.
#pragma once

#include "base/byte_source.hpp"
#include "headway/quality.hpp"
#include "model/gate.hpp"

#include <cstdint>
#include <vector>

namespace headway {

// Larger files are refused unread.
inline constexpr std::int64_t kMaxReportBytes = std::int64_t{2} << 30;
// A text in which expressions are sought is held as a whole.
inline constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;

// Counts of the cases of test reports, added up over several.
struct TestCounts {
  std::int64_t total = 0, failed = 0, errors = 0, skipped = 0;
};

// Lines and branches that were there and that were reached, added up over several reports.
struct CoverageCounts {
  std::int64_t lines = 0, lines_hit = 0;
  std::int64_t branches = 0, branches_hit = 0;
};

// Findings by level and by severity.
struct FindingCounts {
  std::int64_t error = 0, warning = 0, note = 0;
  std::int64_t high = 0, medium = 0, low = 0;
};

// Each adds what it reads to `out`. Errors parse: not in the format, cut off, empty; io.
Result<void> read_junit(ByteSource& source, TestCounts& out);
Result<void> read_cobertura(ByteSource& source, CoverageCounts& out);
Result<void> read_lcov(ByteSource& source, CoverageCounts& out);
Result<void> read_coverage_json(ByteSource& source, CoverageCounts& out);
Result<void> read_sarif(ByteSource& source, FindingCounts& out);
// The numbers at those places; one that is not there is a metric without a value.
Result<std::vector<MetricValue>> read_json_metrics(ByteSource& source,
                                                   const std::vector<GateMetric>& metrics);
Result<std::vector<MetricValue>> read_regex_metrics(ByteSource& source,
                                                    const std::vector<GateMetric>& metrics);

// As the metrics of a gate, in the order of metric_names().
std::vector<MetricValue> metrics_of(const TestCounts& counts);
std::vector<MetricValue> metrics_of(const CoverageCounts& counts);
std::vector<MetricValue> metrics_of(const FindingCounts& counts);

// All reports of one gate, in turn. Not synchronised.
class ReportReader {
 public:
  // `gate` must outlive it; its format is not `exit`.
  explicit ReportReader(const Gate& gate) : gate_(gate) {}

  // One more report. Errors as above. Of json and regex there may be only one.
  Result<void> add(ByteSource& source);
  // Of all of them.
  std::vector<MetricValue> metrics() const;

 private:
  Result<void> read_one(ByteSource& source);

  const Gate& gate_;
  TestCounts tests_;
  CoverageCounts coverage_;
  FindingCounts findings_;
  std::vector<MetricValue> own_;
};

}  // namespace headway
