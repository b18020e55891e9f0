// Every line with its stage before it; see stream_view.hpp.
#include "cli/views/stream_view.hpp"

#include "cli/terminal/text_layout.hpp"

#include <utility>

namespace headway::cli {

StreamView::StreamView(ViewOptions options) : options_(std::move(options)) {}

void StreamView::begin(const RunEvent& event, const RunStarted& start) {
  note(run_start_line(event, start, options_.paint));
  for (const PlannedStage& plan : start.stages) {
    stages_.push_back({plan, options_.paint(Tone::dim, "[" + printable(plan.key) + "]") + " ", {}});
  }
}

void StreamView::on_event(const RunEvent& event) {
  if (const auto* start = std::get_if<RunStarted>(&event.body)) {
    begin(event, *start);
  } else if (const auto* retry = std::get_if<StageRetrying>(&event.body)) {
    complete_line(of(retry->stage));
    note(stage_retry_line(of(retry->stage).plan, *retry, options_.paint));
  } else if (const auto* end = std::get_if<StageFinished>(&event.body)) {
    complete_line(of(end->stage));
    note(stage_end_line(of(end->stage).plan, *end, options_.paint));
  } else if (const auto* skipped = std::get_if<StageSkipped>(&event.body);
             skipped != nullptr && skipped->up_to_date) {
    note(stage_up_to_date_line(of(skipped->stage).plan, *skipped, options_.paint));
  } else if (const auto* pause = std::get_if<StagePaused>(&event.body)) {
    note(stage_paused_line(of(pause->stage).plan, *pause, options_.paint));
  } else if (const auto* going = std::get_if<StageContinued>(&event.body)) {
    note(stage_continued_line(of(going->stage).plan, options_.paint));
  } else if (const auto* cancelling = std::get_if<RunCancelling>(&event.body)) {
    note(cancelling_line(*cancelling, options_.paint));
  }
}

void StreamView::on_output(int task, std::string_view bytes) {
  StageLines& stage = of(task);
  std::string out;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    stage.partial.append(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (end != std::string_view::npos || stage.partial.size() >= kMaxLine) {
      out.append(stage.prefix).append(stage.partial).append("\n");
      stage.partial.clear();
    }
  }
  if (!out.empty()) {
    options_.write(out);
  }
}

void StreamView::complete_line(StageLines& stage) {
  if (!stage.partial.empty()) {
    note(stage.prefix + stage.partial);
    stage.partial.clear();
  }
}

void StreamView::note(std::string_view line) {
  options_.write(std::string(line) + "\n");
}

}  // namespace headway::cli
