// PlainView: a stage's output whole when it ends, for logs and pipes; a stage that runs alone is
// shown as it goes. Reads the stages' logs; keeps no output in memory.
#pragma once

#include "cli/text/sla_warning.hpp"
#include "cli/views/run_view.hpp"
#include "record/run_state.hpp"

namespace headway::cli {

// Output of one stage is never mixed with another's: while a stage runs alone its output streams;
// as soon as a second one starts, the rest of the first waits for its end. A line at least every 30
// s tells what runs and how long is left.
class PlainView final : public RunView {
 public:
  static constexpr Nanos kSilence = std::chrono::seconds(30);

  explicit PlainView(ViewOptions options);
  void on_event(const RunEvent& event) override;
  void on_output(int task, std::string_view bytes) override;
  void note(std::string_view line) override;

 private:
  // Of the newest attempt: bytes it has printed, and how many of them were shown.
  struct Progress {
    std::int64_t seen = 0;
    std::int64_t shown = 0;
  };
  void started(const StageStarted& body);
  void ended(int stage, const std::string& line);
  void stream(int stage, std::string_view newest);
  void show_from_log(int stage, std::int64_t to);
  void show(int stage, std::string_view bytes);
  void end_line();
  void aside(const std::string& line);
  void tell_progress();
  void open(int stage);
  const StageState& stage(int at) const { return state_.stages[static_cast<std::size_t>(at)]; }
  Progress& progress(int at) { return progress_[static_cast<std::size_t>(at)]; }

  ViewOptions options_;
  RunState state_;
  SlaWarning sla_warning_;
  std::vector<Progress> progress_;
  std::vector<int> running_;   // attempts under way
  int streaming_ = -1;         // whose output stands at the end of the text
  bool at_line_start_ = true;  // of the text so far
  bool wrote_ = false;         // since the newest event
  Nanos last_text_{};          // elapsed when something was written last, as far as events tell
};

}  // namespace headway::cli
