// Closing what Headway could not close itself; see dead_runs.hpp. Knows no command.
#include "cli/project/dead_runs.hpp"

#include "base/signal_name.hpp"
#include "base/uuid.hpp"
#include "headway/logging.hpp"
#include "host/process_table.hpp"
#include "record/run_reader.hpp"
#include "timing/history_rebuild.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace headway::cli {

namespace {

// What it measured counts as that of any other run; trouble is told.
void keep_times(const StateFolder& state, const RunFolder& run, Console& console) {
  if (const auto added = add_recorded_run(run, state.history()); !added) {
    console.tell("history: " + added.error().message);
  }
}

}  // namespace

int close_dead_runs(const StateFolder& state, Console& console) {
  int closed = 0;
  for (const std::string& run_id : dead_runs(state)) {
    const int ended = kill_marked("HEADWAY_RUN_ID=" + run_id);
    const RunFolder run{state.run(run_id)};
    recover_log(run.log());
    const auto done = close_interrupted_run(run, "headway was killed while it ran");
    if (done && *done) {
      ++closed;
      keep_times(state, run, console);
      console.tell(fmt::format(
          "run {} was interrupted: headway was killed while it ran{}",
          short_id(run_id),
          ended == 0 ? "" : fmt::format("; ended what was left of it ({} processes)", ended)));
    }
  }
  return closed;
}

void close_after_death(const std::string& run_folder, int signal, Console& console) {
  const std::string how = signal > 0 ? "headway's worker was ended by " + signal_name(signal)
                                     : "headway's worker ended without a word";
  if (run_folder.empty()) {
    console.tell(how + " before the run began");
    return;
  }
  const std::string run_id = std::filesystem::path(run_folder).filename().string();
  kill_marked("HEADWAY_RUN_ID=" + run_id);
  recover_log(RunFolder{run_folder}.log());
  const auto closed = close_interrupted_run(RunFolder{run_folder}, how);
  console.tell(fmt::format("{}; run {} is recorded as interrupted", how, short_id(run_id)));
  if (!closed) {
    console.tell(closed.error());
    return;
  }
  const std::filesystem::path state = std::filesystem::path(run_folder).parent_path().parent_path();
  keep_times(StateFolder{state.string()}, RunFolder{run_folder}, console);
}

}  // namespace headway::cli
