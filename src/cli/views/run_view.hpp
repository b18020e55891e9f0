// RunView: how a run is shown while it runs. One class a view; all that differs is what they print.
// Views change nothing about the run.
#pragma once

#include "base/clock.hpp"
#include "base/secrets.hpp"
#include "cli/terminal/paint.hpp"
#include "cli/terminal/terminal.hpp"
#include "execution/backend.hpp"
#include "model/run_event.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// What a view gets.
struct ViewOptions {
  // To the stream for people (events: to stdout). Does not wait for the reader.
  std::function<void(std::string_view)> write;
  // Whether all of it has been taken: what only shows the newest is drawn then alone.
  std::function<bool()> idle = [] { return true; };
  std::function<TerminalSize()> size = [] { return TerminalSize{}; };
  const Clock* clock = nullptr;  // must outlive the view
  Paint paint{};
  bool verbose = false;
  std::string run_folder{};                      // absolute; stage logs lie below it
  std::vector<std::optional<Nanos>> expected{};  // by stage position, where history knows it
  SecretSet secrets{};
};

// Sees the events and the output of one run, on the orchestrator's thread. Never fails: text that
// cannot be written is lost, the run goes on.
class RunView : public RunObserver, public OutputListener {
 public:
  // A line from elsewhere (without its newline), so that it does not tear the picture.
  virtual void note(std::string_view line) = 0;
  // The run is over, or will not be watched any longer: the terminal is given back.
  virtual void close() {}
};

std::unique_ptr<RunView> make_view(OutputKind kind, ViewOptions options);

// "== unit: completed in 3 s", "== unit: FAILED, exit code 1, after 3 s": the line for a stage that
// ended, without newline.
std::string stage_end_line(const PlannedStage& stage, const StageFinished& end, const Paint& paint);
// "== unit: up to date: 214 inputs unchanged since run 1a2b3c4d (3 min saved)".
std::string stage_up_to_date_line(const PlannedStage& stage,
                                  const StageSkipped& skipped,
                                  const Paint& paint);
// "== unit: attempt 1 failed (exit code 75), again in 2 s".
std::string stage_retry_line(const PlannedStage& stage,
                             const StageRetrying& retry,
                             const Paint& paint);
// "== run 1a2b3c4d: change, lane standard, 5 stages, up to 4 at once".
std::string run_start_line(const RunEvent& event, const RunStarted& start, const Paint& paint);
// "== unit: stands still (memory runs short: it must not grow now)".
std::string stage_paused_line(const PlannedStage& stage,
                              const StagePaused& pause,
                              const Paint& paint);
// "== unit: goes on now".
std::string stage_continued_line(const PlannedStage& stage, const Paint& paint);
// "== cancelling (SIGINT): ...".
std::string cancelling_line(const RunCancelling& cancelling, const Paint& paint);

}  // namespace headway::cli
