// FailureHistory: how this repository's earlier failures of the same kind ended. Reads the records
// of runs and the logs beside them; explains nothing by itself.
#pragma once

#include "diagnostics/failed_stage.hpp"
#include "diagnostics/failure_excerpt.hpp"
#include "headway/diagnostics.hpp"
#include "record/run_folder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace headway {

// What ended a failure.
enum class FailureEnding : std::uint8_t {
  open,    // nothing yet: the stage has not passed since
  retry,   // a later attempt of the same run
  rerun,   // the next run in which it passed, of the same commit, with no new input changed
  change,  // the same, after something had changed
  commit,  // the same, of another commit, and nothing else is known
};

// One earlier failure of a stage, and what ended it.
struct PastFailure {
  std::string run_id;
  std::string log;  // absolute
  FailureEnding ending = FailureEnding::open;
  // With `change`: what was the first to, as a person calls it ("package-lock.json"); with `rerun`
  // and `commit`: the commit; empty where none is known.
  std::string what{};
  std::string ended_in{};  // the run that ended it: failures with the same one are one streak
};

// Earlier failures that are compared, and how large a log may be for that.
inline constexpr int kPastFailures = 20;
inline constexpr std::int64_t kMaxPastLogBytes = std::int64_t{8} << 20;
// Records are read back to this much in all.
inline constexpr std::int64_t kMaxRecordBytes = std::int64_t{64} << 20;
// From this share of equal lines on, two failures are of the same kind.
inline constexpr double kSameFailure = 0.5;

// Failures of that stage in runs before `failed`'s, newest first.
std::vector<PastFailure> past_failures(const StateFolder& state, const FailedStage& failed);

// The share of the kinds of lines that both excerpts show: 0..1.
double likeness(const FailureExcerpt& a, const FailureExcerpt& b);

// "seen 4 times: 3 went away on retry, 1 after package-lock.json changed": what ended those past
// failures that are like this one, the most frequent of a kind first. A streak is ended once, and
// the longer it was, the less sure is what ended it. Those that nothing has ended
// yet are this same failure, still: they make it less sure, and say nothing alone. Nothing where
// none has ended. Reads at most kPastFailures logs.
std::optional<Suggestion> suggestion_of_history(const FailureExcerpt& excerpt,
                                                const std::vector<PastFailure>& past);

}  // namespace headway
