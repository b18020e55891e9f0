// The run as lines of events; see events_view.hpp. Shows no output.
#include "cli/views/events_view.hpp"

#include "cli/console.hpp"
#include "model/run_event_json.hpp"

#include <unistd.h>

#include <utility>

namespace headway::cli {

EventsView::EventsView(ViewOptions options) : options_(std::move(options)) {}

void EventsView::on_event(const RunEvent& event) {
  if (const auto* start = std::get_if<RunStarted>(&event.body)) {
    for (const PlannedStage& stage : start->stages) {
      keys_.push_back(stage.key);
    }
  }
  line_.clear();
  append_event_line(line_, event, keys_, options_.secrets);
  options_.write(line_);
}

void EventsView::on_output(int, std::string_view) {}

void EventsView::note(std::string_view line) {
  write_fully(STDERR_FILENO, std::string(line) + "\n");  // stdout holds events alone
}

}  // namespace headway::cli
