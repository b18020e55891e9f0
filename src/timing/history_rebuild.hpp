// A damaged history: set aside, and made anew from the records of the runs. Knows no SQL.
#pragma once

#include "headway/result.hpp"
#include "record/run_folder.hpp"
#include "timing/history.hpp"

#include <functional>
#include <string>

namespace headway {

// Adds a run to the history as it would have added itself: where it is there already, nothing
// changes. False for a run that has not ended: it will do so itself. Errors: of its record, or of
// the history.
Result<bool> add_recorded_run(const RunFolder& run, const std::string& history_path);

// Reads from the state folder's history. Where that is damaged (found when it is opened, or by an
// error `parse` of `read`) it is set aside first, beside where it was, and rebuilt from the events
// of the runs that are still recorded; then `read` is called on the new one, for the second time.
// `notice` says so in words, with the name it has now; else it is left alone. Several processes may
// find the damage at once: one of them rebuilds, the others wait for it (5 s, then an error
// conflict). Errors: not_found where there is no history; else those of History and of `read`.
Result<void> read_history(const StateFolder& state,
                          std::string& notice,
                          const std::function<Result<void>(const History&)>& read);

}  // namespace headway
