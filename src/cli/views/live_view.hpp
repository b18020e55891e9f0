// LiveView: the running stages with their times, redrawn in place; what ended scrolls above.
// Needs a terminal; shows of each stage's output the newest line only.
#pragma once

#include "cli/terminal/live_region.hpp"
#include "cli/views/run_view.hpp"
#include "record/run_state.hpp"

namespace headway::cli {

// At most ten pictures a second, driven by events and output, and none while the terminal does not
// take the last one (Ctrl-S): what ended waits for the next, of the pictures only the newest is
// drawn.
class LiveView final : public RunView {
 public:
  static constexpr Nanos kFrame = std::chrono::milliseconds(100);

  explicit LiveView(ViewOptions options);
  void on_event(const RunEvent& event) override;
  void on_output(int task, std::string_view bytes) override;
  void note(std::string_view line) override;
  void close() override;

 private:
  void draw_if_due();
  void lend_terminal(const RunEvent& event);
  std::vector<std::string> picture(int columns) const;
  std::string stage_line(std::size_t stage, int key_width, int columns) const;
  Nanos now() const { return options_.clock->monotonic() - origin_; }

  ViewOptions options_;
  RunState state_;
  LiveRegion region_;
  std::vector<std::string> newest_;  // by stage: the end of its output, bounded
  std::string above_;                // lines that wait for the next picture
  Nanos origin_{};                   // of the run, on the clock
  Nanos drawn_at_ = -kFrame;
  std::vector<int> interactive_;  // stages that want the terminal, and could begin or run
  bool lent_ = false;             // the terminal is a stage's
  bool closed_ = false;
};

}  // namespace headway::cli
