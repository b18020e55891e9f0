// StageSeries: the successful executions of one stage, oldest first, ready for statistics. Pure;
// knows nothing of regressions.
#pragma once

#include "timing/history.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// A part of a series, by run: before `from`, `first` to `at`; then `at` to `last`, both included.
struct RunRange {
  std::int64_t first = 0;
  std::int64_t at = 0;
  std::int64_t last = 0;
};

// What can be told of one execution; all in seconds or bytes, 0: not known.
enum class Measure { own_time, total_time, queue_wait, cpu_time, memory };

// At most `window` of the newest executions; failed ones are left out, of several in one run the
// last counts. Immutable; views into the history it was made of.
class StageSeries {
 public:
  StageSeries(std::string_view key, std::span<const StageSample> newest_first, int window);

  std::string_view key() const noexcept { return key_; }
  std::size_t size() const noexcept { return samples_.size(); }
  std::int64_t run(std::size_t position) const noexcept { return samples_[position]->run; }
  std::int64_t newest_run() const noexcept { return samples_.empty() ? 0 : samples_.back()->run; }

  // In seconds or bytes.
  double value(std::size_t position, Measure measure) const;
  // Natural logarithms, at the least of a clock's step: a duration of zero is as long as that.
  std::vector<double> logs(Measure measure) const;
  // The values of both parts of that range that are known (> 0 but for times).
  std::pair<std::vector<double>, std::vector<double>> parts(const RunRange& range,
                                                            Measure measure) const;
  // How far the level after is above the one before, as a difference of logarithms. Nothing where
  // fewer than 3 values are known on either side.
  std::optional<double> shift(const RunRange& range, Measure measure) const;

 private:
  std::string_view key_;
  std::vector<const StageSample*> samples_;  // oldest first
};

}  // namespace headway
