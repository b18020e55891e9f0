// RunComparison: two recorded runs side by side: what each stage took, and what explains that one
// run took longer. Pure; reads no file and knows no history.
#pragma once

#include "record/run_state.hpp"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Of the first run and of the second.
template <typename T>
using OfBoth = std::array<T, 2>;

// One stage of either run.
struct ComparedStage {
  std::string key;
  OfBoth<std::optional<double>> seconds;  // of the last attempt; nothing: did not start there
  OfBoth<std::optional<double>> queue_seconds;
  OfBoth<std::optional<StageStatus>> status;  // nothing: not in that run's plan
  OfBoth<bool> in_chain{};
  std::optional<double> change_percent;  // where it ran in both, and not in no time in the first
  std::optional<double> noise;           // usual standard deviation of the logarithm of its time
  std::optional<bool> is_usual;          // the change is within that noise

  // Seconds that it took longer in the second run; one that did not run there took none.
  double longer() const noexcept { return seconds[1].value_or(0) - seconds[0].value_or(0); }
};

// Two runs. What a run took is a chain of stages, each of which began when the one before it ended
// (it needed that one, or its slot), and what was spent in none of them: before the first, between
// them, after the last. The chain is more than the critical path of the needs: where slots are few
// a run takes as long as its slots do.
struct RunComparison {
  OfBoth<std::string> run_ids;
  OfBoth<std::string> workflows, lanes;
  OfBoth<double> elapsed_seconds{};
  OfBoth<std::vector<std::string>> chains;
  OfBoth<double> chain_seconds{};
  OfBoth<double> other_seconds{};
  std::vector<ComparedStage> stages;  // the largest change in seconds first
};

// The noise of a stage by its key, as in ComparedStage; nothing where it is not known.
using NoiseOf = std::function<std::optional<double>(std::string_view key)>;

// Both runs have started. A change is usual where it is no more than two standard deviations of the
// difference of two executions.
RunComparison compare_runs(const RunState& first, const RunState& second, const NoiseOf& noise_of);

}  // namespace headway
