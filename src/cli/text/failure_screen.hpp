// The last screen of a run that failed: what broke first, the lines that say so, the cause and what
// to try (or, where that was not found, its last lines), what was not run because of it, and what
// to type next. Reads the stage's log; decides nothing.
#pragma once

#include "cli/terminal/paint.hpp"
#include "record/run_state.hpp"

#include <string>

namespace headway::cli {

// How the screen is made.
struct FailureScreenOptions {
  std::string run_folder;           // stage logs lie below it
  std::string program = "headway";  // with the flags that find the workflow: "headway -f ci.yaml"
  std::string run_flags{};          // what else the same run needs: " --lane heavy -j 1"
  std::string resume_flags{};       // and what going on from it needs: " -j 1"
  std::string checkpoint{};         // what was saved before the stage that failed; empty: nothing
  int tail_lines = 20;
  Paint paint{};
  int width = 0;  // columns; 0: no limit
};

// The screen, or "" where no stage failed. The text is not masked (logs are, on disk).
std::string failure_screen(const RunState& state, const FailureScreenOptions& options);

// The lines with the command that goes on where the run stopped.
std::string go_on_line(const RunState& state, const FailureScreenOptions& options);

}  // namespace headway::cli
