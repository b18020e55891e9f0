// Runs whose watcher and worker died together: their processes are ended and their records closed
// before any command looks at runs. Knows no command.
#pragma once

#include "cli/console.hpp"
#include "record/run_folder.hpp"

#include <string>

namespace headway::cli {

// Ends what still carries the mark of a dead run and closes its record; each is told on stderr.
// How many there were. What cannot be closed (a read-only disk) is left: reading shows it as
// interrupted anyway.
int close_dead_runs(const StateFolder& state, Console& console);

// The same for one run whose worker just died of `signal` (0: it left without a word).
void close_after_death(const std::string& run_folder, int signal, Console& console);

}  // namespace headway::cli
