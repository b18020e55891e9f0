// Whole outputs at the ends of stages; see plain_view.hpp. Keeps no output in memory.
#include "cli/views/plain_view.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/log_tail.hpp"
#include "cli/text/run_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace headway::cli {
namespace {

constexpr std::size_t kMaxNamed = 6;  // running stages in a line of progress

}  // namespace

PlainView::PlainView(ViewOptions options) : options_(std::move(options)) {}

void PlainView::on_event(const RunEvent& event) {
  state_.apply(event);
  const Paint& paint = options_.paint;
  if (const auto* start = std::get_if<RunStarted>(&event.body)) {
    progress_.resize(start->stages.size());
    note(run_start_line(event, *start, paint));
  } else if (const auto* begun = std::get_if<StageStarted>(&event.body)) {
    started(*begun);
  } else if (const auto* retry = std::get_if<StageRetrying>(&event.body)) {
    ended(retry->stage, stage_retry_line(*stage(retry->stage).plan, *retry, paint));
  } else if (const auto* end = std::get_if<StageFinished>(&event.body)) {
    ended(end->stage, stage_end_line(*stage(end->stage).plan, *end, paint));
  } else if (const auto* pause = std::get_if<StagePaused>(&event.body)) {
    aside(stage_paused_line(*stage(pause->stage).plan, *pause, paint));
  } else if (const auto* going = std::get_if<StageContinued>(&event.body)) {
    aside(stage_continued_line(*stage(going->stage).plan, paint));
  } else if (std::holds_alternative<EstimateUpdated>(event.body)) {
    if (const std::string warning = sla_warning_.see(state_); !warning.empty()) {
      aside(paint(Tone::warning, "== " + warning));
    }
  } else if (const auto* cancelling = std::get_if<RunCancelling>(&event.body)) {
    note(cancelling_line(*cancelling, paint));
  } else if (const auto* skipped = std::get_if<StageSkipped>(&event.body);
             skipped != nullptr && skipped->up_to_date) {
    note(stage_up_to_date_line(*stage(skipped->stage).plan, *skipped, paint));
  } else if (skipped != nullptr && options_.verbose) {
    note(fmt::format("== {}: {} ({})",
                     printable(stage(skipped->stage).plan->key),
                     to_string(skipped->status),
                     printable(skipped->reason)));
  }
  if (!wrote_ && event.elapsed - last_text_ >= kSilence &&
      !std::holds_alternative<RunFinished>(event.body)) {
    tell_progress();
  }
  if (wrote_) {
    last_text_ = event.elapsed;
    wrote_ = false;
  }
}

void PlainView::started(const StageStarted& body) {
  progress(body.stage) = {};
  running_.push_back(body.stage);
  if (streaming_ >= 0 && streaming_ != body.stage) {
    end_line();
    streaming_ = -1;
  }
  if (options_.verbose) {
    note(fmt::format("== {}: started, attempt {}, pid {}",
                     printable(stage(body.stage).plan->key),
                     body.attempt,
                     body.pid));
  }
}

void PlainView::ended(int stage, const std::string& line) {
  running_.erase(std::remove(running_.begin(), running_.end(), stage), running_.end());
  if (streaming_ == stage) {
    show_from_log(stage, std::numeric_limits<std::int64_t>::max());
    note(line);
  } else {
    const Progress& at = progress(stage);
    note(line + (at.shown > 0 && at.shown < at.seen ? "; the rest of its output:" : ""));
    show_from_log(stage, std::numeric_limits<std::int64_t>::max());
    end_line();
  }
  streaming_ = -1;
  if (running_.size() == 1) {
    stream(running_.front(), {});
  }
}

void PlainView::on_output(int task, std::string_view bytes) {
  progress(task).seen += static_cast<std::int64_t>(bytes.size());
  if (running_.size() == 1 && running_.front() == task) {
    stream(task, bytes);
  }
}

// Shows what is not shown yet; `newest` are the last bytes that were seen, perhaps not yet on disk.
void PlainView::stream(int stage, std::string_view newest) {
  Progress& at = progress(stage);
  if (at.seen == at.shown) {
    return;
  }
  open(stage);
  const std::int64_t newest_from = at.seen - static_cast<std::int64_t>(newest.size());
  if (at.shown < newest_from) {
    show_from_log(stage, newest_from);
  }
  if (at.shown >= newest_from && at.shown < at.seen) {
    show(stage, newest.substr(static_cast<std::size_t>(at.shown - newest_from)));
  }
}

void PlainView::open(int stage) {
  if (streaming_ != stage) {
    streaming_ = stage;
    note(fmt::format("== {}: {}",
                     options_.paint(Tone::strong, printable(this->stage(stage).plan->key)),
                     progress(stage).shown > 0 ? "goes on" : "running"));
    streaming_ = stage;
  }
}

void PlainView::show_from_log(int stage, std::int64_t to) {
  const std::string log = this->stage(stage).log();
  if (!log.empty()) {
    read_range(options_.run_folder + "/" + log,
               {progress(stage).shown, to},
               [&](std::string_view bytes) { show(stage, bytes); });
  }
}

void PlainView::show(int stage, std::string_view bytes) {
  options_.write(bytes);
  progress(stage).shown += static_cast<std::int64_t>(bytes.size());
  at_line_start_ = bytes.back() == '\n';
  wrote_ = true;
}

void PlainView::end_line() {
  if (!at_line_start_) {
    options_.write("\n");
    at_line_start_ = true;
  }
}

void PlainView::note(std::string_view line) {
  end_line();
  options_.write(std::string(line) + "\n");
  wrote_ = true;
}

// A line that is no stage's output: what streams gets its name again below it.
void PlainView::aside(const std::string& line) {
  note(line);
  streaming_ = -1;
}

void PlainView::tell_progress() {
  const bool is_lent = std::any_of(running_.begin(), running_.end(), [this](int at) {
    return stage(at).plan->interactive;  // the terminal is its own
  });
  if (is_lent) {
    return;
  }
  std::vector<std::string> names;
  for (const int at : running_) {
    if (names.size() == kMaxNamed) {
      names.push_back(fmt::format("{} more", running_.size() - kMaxNamed));
      break;
    }
    names.push_back(fmt::format("{} ({})",
                                printable(stage(at).plan->key),
                                stage(at).paused_since
                                    ? "stands still"
                                    : format_duration(state_.duration_so_far(stage(at)))));
  }
  note(fmt::format("-- {}: {} of {} done; running: {}; {}",
                   format_duration(state_.elapsed),
                   state_.finished,
                   state_.stages.size(),
                   names.empty() ? "nothing" : join(names, ", "),
                   remaining_text(state_.estimate.value_or(RemainingEstimate{}))));
}

}  // namespace headway::cli
