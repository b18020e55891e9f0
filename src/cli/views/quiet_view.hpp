// QuietView: only what failed. Shows no output; the last line is the command's own.
#pragma once

#include "cli/views/run_view.hpp"

namespace headway::cli {

// A line for each stage that failed.
class QuietView final : public RunView {
 public:
  explicit QuietView(ViewOptions options);
  void on_event(const RunEvent& event) override;
  void on_output(int task, std::string_view bytes) override;
  void note(std::string_view line) override;

 private:
  ViewOptions options_;
  PlannedStages stages_;
};

}  // namespace headway::cli
