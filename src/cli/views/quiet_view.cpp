// Only what failed; see quiet_view.hpp. Shows no output.
#include "cli/views/quiet_view.hpp"

#include <utility>

namespace headway::cli {

QuietView::QuietView(ViewOptions options) : options_(std::move(options)) {}

void QuietView::on_event(const RunEvent& event) {
  if (const auto* start = std::get_if<RunStarted>(&event.body)) {
    stages_ = start->stages;
  } else if (const auto* end = std::get_if<StageFinished>(&event.body);
             end != nullptr && end->status == StageStatus::failed) {
    note(stage_end_line(stages_[static_cast<std::size_t>(end->stage)], *end, options_.paint));
  }
}

void QuietView::on_output(int, std::string_view) {}

void QuietView::note(std::string_view line) {
  options_.write(std::string(line) + "\n");
}

}  // namespace headway::cli
