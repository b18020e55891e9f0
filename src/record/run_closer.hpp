// Closing the record of a run whose process died. Ends no process.
#pragma once

#include "headway/result.hpp"
#include "record/run_folder.hpp"

#include <string_view>

namespace headway {

// Closes the record of a dead run: appends stage_finished (interrupted) for what ran and
// run_finished (interrupted, exit code kInterruptedExitCode) to its events (a torn tail is cut off
// first), writes status.json. Both carry the time of the last event: when it died is not known.
// Takes the run's lock; a run that is alive, or closed, is left alone (false), but for a
// status.json that fell behind a closed run's events. Safe against a second closer and against
// death in the middle: called again it goes on.
Result<bool> close_interrupted_run(const RunFolder& folder, std::string_view reason);

}  // namespace headway
