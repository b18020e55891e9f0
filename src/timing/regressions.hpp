// Regressions: which stages became slower (or faster) for good, since which run, and why. Pure: a
// fold of the history; reads no file and no clock. The statistics: change_points.hpp; what was
// measured, and why it is done like this: docs/design/regressions.md.
#pragma once

#include "timing/change_points.hpp"
#include "timing/history.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// Why a stage takes longer than before. Spelled in JSON as written.
enum class ChangeCause {
  own_time,        // the stage itself; also where nothing more is known
  queue_wait,      // it waits longer between being ready and its start
  slower_machine,  // the stages of the same runs became slower together
  cold_cache,      // as slow as the slow ones of two kinds of runs before; or it waits where it
                   // used to compute
  input_size,      // its memory grew with its time: more data, most likely
  faster_machine,  // of improvements alone: all stages together
};

std::string_view to_string(ChangeCause cause) noexcept;

// One lasting change of level.
struct LevelChange {
  std::string key;                  // stage key; "*": of all stages together
  std::vector<std::string> stages;  // of "*": the stages that are no finding of their own
  std::int64_t at = 0;              // first run (StageSample::run) of the new level
  std::string at_run{};             // its id and commit, where known
  std::string at_commit{};
  std::string before_commit{};  // of the run before
  // Levels before and after; of queue_wait: from ready to the end, wait included; of "*": of all
  // stages of a run together.
  double before_seconds = 0;
  double after_seconds = 0;
  double change_percent = 0;  // of before_seconds; negative for improvements
  double p_value = 1;         // of chance alone
  ChangeCause cause = ChangeCause::own_time;
  int runs_before = 0;     // that the level before rests on
  int runs_since = 0;      // with the new level, `at` included
  std::string evidence{};  // one sentence on what the cause rests on
};

// What find_regressions() found; the largest change in seconds first.
struct Regressions {
  std::vector<LevelChange> regressions;
  std::vector<LevelChange> improvements;
};

// What counts as large, and for how long it is news.
struct RegressionOptions {
  double least_change = 0.05;         // share of the level before
  double least_seconds = 0.01;        // below, no clock tells it from nothing
  int window = 64;                    // newest successful executions that are looked at
  int told_for = 32;                  // runs; then the new level is what is normal
  LevelShiftOptions shift{};          // its least_shift follows from least_change
  double queue_significance = 0.002;  // queues are noisier than stages
};

// Every change that is significant, large, lasting, and still stands: one that was undone is not
// told, nor one older than `told_for` runs. Failed executions do not count, of several of one run
// the last does. Needs 5 runs before a change and 5 since. Runs are those of `history`
// (History::samples(): newest first); `runs` (History::runs()) may lack any of them.
Regressions find_regressions(
    const std::vector<std::pair<std::string, std::vector<StageSample>>>& history,
    std::span<const PastRun> runs,
    const RegressionOptions& options = {});

// The smallest lasting rise, as a share (0.35: 35 %), that would be found within 8 runs in 9 of 10
// cases, given the noise of the newest level of that stage; at least `least_change`. Nothing where
// fewer than 5 successful executions are known. (docs/design/regressions.md has how well it holds.)
std::optional<double> smallest_detectable_change(std::span<const StageSample> newest_first,
                                                 const RegressionOptions& options = {});

// The noise of a stage around its newest level: standard deviation of the logarithm, 0.05: 5 %; of
// noise with tails or two modes rather more than less. Nothing where fewer than 5 successful
// executions are known.
std::optional<double> stage_noise(std::span<const StageSample> newest_first,
                                  const RegressionOptions& options = {});

}  // namespace headway
