// LearnedNeeds: what history teaches about the memory and the CPUs that each stage takes. Pure but
// for one query; knows nothing of durations to come.
#pragma once

#include "headway/result.hpp"
#include "timing/history.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// Of one stage. Empty: nothing is known, and the caller reserves what it reserves for the unknown.
struct StageNeeds {
  std::optional<std::int64_t> memory_bytes;  // peak to reserve for
  std::int64_t largest_bytes = 0;            // ever measured, of what is remembered; 0: never
  std::optional<double> cpus;                // CPU time over duration; at least kLeastWidth
  std::optional<Seconds> duration;           // how long it takes when it takes long
  int samples = 0;                           // executions that taught anything
};

// A stage that needs less still counts so much: as many as four share a CPU.
inline constexpr double kLeastWidth = 0.25;

// From the executions of one stage, newest first. Memory: the 90 % quantile of the peaks, and a
// quarter of it over the square root of how many there are on top (docs/design/workers.md has what
// that covers of recorded runs). Failed executions teach as well. One that was killed for want of
// memory asks for half more than it had then, since what it would have taken is not known; two good
// executions since halve that. CPUs: the 75 % quantile, of executions of 50 ms and more; duration:
// that quantile of all. Recent ones weigh
// more (half-life in runs in the .cpp).
StageNeeds learn_needs(std::span<const StageSample> newest_first);

// Needs of every stage of one workflow and lane that ran in the last runs, by stage key.
class LearnedNeeds {
 public:
  LearnedNeeds() = default;
  // From History::samples().
  explicit LearnedNeeds(
      const std::vector<std::pair<std::string, std::vector<StageSample>>>& history);
  // Errors: those of History::samples().
  static Result<LearnedNeeds> read(const History& history,
                                   std::string_view workflow,
                                   std::string_view lane);

  // Of a stage that never ran: nothing, samples 0.
  const StageNeeds& of(std::string_view key) const noexcept;

 private:
  std::vector<std::pair<std::string, StageNeeds>> stages_;  // by key
  StageNeeds unknown_;
};

// A stage that was measured far above what the workflow file says of it.
struct NeedsExcess {
  std::int64_t declared_bytes = 0;
  std::int64_t measured_bytes = 0;
  std::int64_t suggested_bytes = 0;  // whole MiB
};

// Measured is the largest peak; far above: half more than declared, and 64 MiB. Nothing where
// nothing was declared (0) or measured.
std::optional<NeedsExcess> memory_excess(std::int64_t declared_bytes, const StageNeeds& learned);

}  // namespace headway
