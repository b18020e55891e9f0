// A run in words: status tables, progress, the time left, the last line. Pure: folds of RunState to
// text; knows no stream and no clock.
#pragma once

#include "base/units.hpp"
#include "cli/terminal/paint.hpp"
#include "record/run_state.hpp"

#include <string>

namespace headway::cli {

// "about 1 min 20 s left (50 s to 2 min, 70 % sure, 12 runs)"; "time left not known yet" where
// history says nothing. Never a number without how sure it is.
std::string remaining_text(const RemainingEstimate& estimate);
// What an estimate rests on: "14 runs; 17 of the last 20 ended inside the interval".
std::string rests_on_text(const RemainingEstimate& estimate);

// A line of progress: a bar as long as there is room (`columns` 0: of full length), how many
// stages have ended, the time so far, and the time left with its interval and how sure it is.
std::string progress_line(const RunState& state, Nanos elapsed, int columns);

// "[########------------]": `done` of `all` stages. Empty where there are none.
std::string progress_bar(int done, int all, int columns);

// Local time as people read it: "2026-11-23 01:23:45".
std::string local_time(WallTime time);

// "exit code 2", "SIGSEGV", "timeout", ...: how the newest attempt failed; empty where it did not.
std::string failure_text(const StageState& stage);

// How a table of stages is made.
struct StageTableOptions {
  bool verbose = false;  // with attempts, CPU, memory, time in queue
  int width = 0;         // 0: no limit
};

// One line a stage: status, key, time, and what there is to say.
std::string stage_table(const RunState& state, const Paint& paint, StageTableOptions options);

// "run 1a2b3c4d  COMPLETED in 3 s  change, lane standard, 2026-11-23 01:23:45", with a newline.
std::string run_heading(const RunState& state, const Paint& paint);

// The last line of a run: how it ended, how long it took, how many stages did what, which run.
std::string final_line(const RunState& state, const Paint& paint);

// `headway status`: heading, progress with the time left, stages.
std::string status_text(const RunState& state, const Paint& paint, StageTableOptions options);

}  // namespace headway::cli
