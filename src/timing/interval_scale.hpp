// IntervalScale: how much wider (or narrower) an interval must be so that it holds what it says,
// learned from how earlier intervals did. Pure.
#pragma once

#include <span>
#include <vector>

namespace headway {

// An estimate that was made, and what came of it (seconds).
struct PastInterval {
  double median = 0;
  double p10 = 0;
  double p90 = 0;
  double took = 0;
};

// True where it ended inside; the ends count.
bool is_inside(const PastInterval& past) noexcept;

// Stretches an interval about its median, in logarithms: split conformal prediction (Vovk,
// Gammerman and Shafer 2005; Lei and others 2018), the score being how many half-widths off the
// truth was. The factor is kUsualFactor times the scores' 80 % quantile; kUsualRuns usual scores
// are added, so that few outcomes change little.
class IntervalScale {
 public:
  IntervalScale() = default;
  explicit IntervalScale(std::span<const PastInterval> past);

  // `value` is a quantile or a draw of the distribution whose median is `median`.
  double widen(double median, double value) const noexcept;
  double factor() const noexcept { return factor_; }

  // Replays know nothing of what no earlier run showed: measured in docs/design/estimation.md.
  static constexpr double kUsualFactor = 1.3;
  static constexpr int kUsualRuns = 20;

 private:
  double factor_ = kUsualFactor;
};

}  // namespace headway
