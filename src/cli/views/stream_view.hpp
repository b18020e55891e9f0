// StreamView: every line of every stage as it comes, with "[key] " before it. Keeps lines whole.
#pragma once

#include "cli/views/run_view.hpp"

namespace headway::cli {

// Lines of different stages alternate, but are never mixed; a line without end is completed when
// its stage ends, or after kMaxLine bytes.
class StreamView final : public RunView {
 public:
  static constexpr std::size_t kMaxLine = 64U << 10U;

  explicit StreamView(ViewOptions options);
  void on_event(const RunEvent& event) override;
  void on_output(int task, std::string_view bytes) override;
  void note(std::string_view line) override;

 private:
  struct StageLines {
    PlannedStage plan;
    std::string prefix;
    std::string partial;  // a line that has not ended yet
  };
  void begin(const RunEvent& event, const RunStarted& start);
  void complete_line(StageLines& stage);
  StageLines& of(int stage) { return stages_[static_cast<std::size_t>(stage)]; }

  ViewOptions options_;
  std::vector<StageLines> stages_;
};

}  // namespace headway::cli
