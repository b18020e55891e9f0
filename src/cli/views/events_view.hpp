// EventsView: the run as the lines of events.jsonl on stdout, for programs. Shows no output.
#pragma once

#include "cli/views/run_view.hpp"

namespace headway::cli {

// One JSON object a line, each as it happens.
class EventsView final : public RunView {
 public:
  explicit EventsView(ViewOptions options);
  void on_event(const RunEvent& event) override;
  void on_output(int task, std::string_view bytes) override;
  void note(std::string_view line) override;

 private:
  ViewOptions options_;
  std::vector<std::string> keys_;
  std::string line_;
};

}  // namespace headway::cli
