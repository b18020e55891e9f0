// Running stages redrawn in place; see live_view.hpp.
#include "cli/views/live_view.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/run_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway::cli {
namespace {

constexpr std::size_t kNewestBytes = 512;  // kept of a stage's output
constexpr int kMaxKeyColumns = 28;
constexpr int kTimeColumns = 24;
constexpr int kMaxLines = 16;  // of running stages, on a tall terminal

// The newest line that has something in it.
std::string newest_line(std::string_view text) {
  while (!text.empty()) {
    const std::size_t start = text.find_last_of('\n');
    const std::string_view line = start == std::string_view::npos ? text : text.substr(start + 1);
    if (!trim(line).empty()) {
      return std::string(trim(output_line(line)));
    }
    text = start == std::string_view::npos ? std::string_view{} : text.substr(0, start);
  }
  return "";
}

}  // namespace

LiveView::LiveView(ViewOptions options)
    : options_(std::move(options)), region_(options_.write, options_.size) {}

void LiveView::on_event(const RunEvent& event) {
  state_.apply(event);
  if (const auto* start = std::get_if<RunStarted>(&event.body)) {
    origin_ = options_.clock->monotonic() - event.elapsed;
    newest_.resize(start->stages.size());
    note(run_start_line(event, *start, options_.paint));
  } else if (const auto* begun = std::get_if<StageStarted>(&event.body)) {
    newest_[static_cast<std::size_t>(begun->stage)].clear();
  } else if (const auto* retry = std::get_if<StageRetrying>(&event.body)) {
    const auto& plan = *state_.stages[static_cast<std::size_t>(retry->stage)].plan;
    note(stage_retry_line(plan, *retry, options_.paint));
  } else if (const auto* end = std::get_if<StageFinished>(&event.body)) {
    const auto& plan = *state_.stages[static_cast<std::size_t>(end->stage)].plan;
    note(stage_end_line(plan, *end, options_.paint));
  } else if (const auto* skipped = std::get_if<StageSkipped>(&event.body);
             skipped != nullptr && skipped->up_to_date) {
    const auto& plan = *state_.stages[static_cast<std::size_t>(skipped->stage)].plan;
    note(stage_up_to_date_line(plan, *skipped, options_.paint));
  } else if (const auto* pause = std::get_if<StagePaused>(&event.body)) {
    const auto& plan = *state_.stages[static_cast<std::size_t>(pause->stage)].plan;
    note(stage_paused_line(plan, *pause, options_.paint));
  } else if (const auto* going = std::get_if<StageContinued>(&event.body)) {
    const auto& plan = *state_.stages[static_cast<std::size_t>(going->stage)].plan;
    note(stage_continued_line(plan, options_.paint));
  } else if (const auto* cancelling = std::get_if<RunCancelling>(&event.body)) {
    note(cancelling_line(*cancelling, options_.paint));
  } else if (std::holds_alternative<RunFinished>(event.body)) {
    close();
  }
  lend_terminal(event);
  draw_if_due();
}

void LiveView::on_output(int task, std::string_view bytes) {
  std::string& newest = newest_[static_cast<std::size_t>(task)];
  newest.append(bytes.substr(bytes.size() - std::min(bytes.size(), kNewestBytes)));
  if (newest.size() > kNewestBytes) {
    newest.erase(0, newest.size() - kNewestBytes);
  }
  draw_if_due();
}

void LiveView::note(std::string_view line) {
  above_.append(line).append("\n");
  if (closed_) {
    options_.write(std::exchange(above_, {}));
  }
}

void LiveView::close() {
  region_.clear(std::exchange(above_, {}));
  closed_ = true;
}

// A stage that wants the terminal has it from when it could begin and nothing else runs until its
// end: nothing is drawn meanwhile.
void LiveView::lend_terminal(const RunEvent& event) {
  if (const auto* ready = std::get_if<StageReady>(&event.body)) {
    if (state_.stages[static_cast<std::size_t>(ready->stage)].plan->interactive) {
      interactive_.push_back(ready->stage);
    }
  } else if (const auto* end = std::get_if<StageFinished>(&event.body)) {
    std::erase(interactive_, end->stage);
  } else if (const auto* skipped = std::get_if<StageSkipped>(&event.body)) {
    std::erase(interactive_, skipped->stage);
  }
  const bool lends =
      !interactive_.empty() &&
      std::none_of(state_.stages.begin(), state_.stages.end(), [](const StageState& stage) {
        return stage.attempt_running && !stage.plan->interactive;
      });
  if (lends && !lent_ && !closed_) {
    region_.clear(std::exchange(above_, {}));
  }
  lent_ = lends;
}

void LiveView::draw_if_due() {
  const Nanos time = options_.clock->monotonic();
  if (closed_ || lent_ || time - drawn_at_ < kFrame || !options_.idle()) {
    return;
  }
  drawn_at_ = time;
  region_.draw(picture(options_.size().columns), std::exchange(above_, {}));
}

std::vector<std::string> LiveView::picture(int columns) const {
  std::vector<std::string> lines{progress_line(state_, now(), columns)};
  std::vector<std::size_t> running;
  int key_width = 0;
  for (std::size_t at = 0; at < state_.stages.size(); ++at) {
    if (state_.stages[at].status == StageStatus::running) {
      running.push_back(at);
      key_width = std::max(key_width, display_width(printable(state_.stages[at].plan->key)));
    }
  }
  const int room = std::min(kMaxLines, std::max(1, options_.size().rows - 3));
  for (std::size_t at = 0; at < running.size(); ++at) {
    if (static_cast<int>(at) + 1 == room && running.size() > at + 1) {
      lines.push_back(fmt::format("  and {} more running", running.size() - at));
      break;
    }
    lines.push_back(stage_line(running[at], std::min(key_width, kMaxKeyColumns), columns));
  }
  return lines;
}

std::string LiveView::stage_line(std::size_t stage, int key_width, int columns) const {
  const StageState& state = state_.stages[stage];
  std::string time = "waits for its next attempt";
  if (state.paused_since) {
    time = "stands still";
  } else if (state.attempt_running) {
    time = format_duration(now() - state.attempt_started - state.paused_for);
    const bool known = stage < options_.expected.size() && options_.expected[stage];
    time += known ? fmt::format(" of about {}", format_duration(*options_.expected[stage])) : "";
  }
  const std::string key = cut_to_width(printable(state.plan->key), key_width);
  std::string line = fmt::format("  {}  {}",
                                 options_.paint(Tone::strong, pad_right(key, key_width)),
                                 pad_right(time, kTimeColumns));
  const int left = columns - display_width(line) - 3;
  if (const std::string newest = newest_line(newest_[stage]); !newest.empty() && left > 8) {
    line += "  " + options_.paint(Tone::dim, cut_to_width(newest, left));
  }
  return line;
}

}  // namespace headway::cli
