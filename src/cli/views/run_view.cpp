// The lines that views share, and the making of a view; see run_view.hpp.
#include "cli/views/run_view.hpp"

#include "base/units.hpp"
#include "base/uuid.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/run_text.hpp"
#include "cli/views/events_view.hpp"
#include "cli/views/live_view.hpp"
#include "cli/views/plain_view.hpp"
#include "cli/views/quiet_view.hpp"
#include "cli/views/stream_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway::cli {
namespace {

// What failure_text() wants to know of an attempt.
std::string failure_of(FailureKind failure,
                       int exit_code,
                       int signal,
                       std::string_view reason = {}) {
  StageState stage;
  stage.failure = failure;
  stage.exit_code = exit_code;
  stage.signal = signal;
  stage.reason = reason;
  return printable(failure_text(stage));
}

std::string title(const PlannedStage& stage, const Paint& paint) {
  return fmt::format("== {}", paint(Tone::strong, printable(stage.key)));
}

// Of a stage that failed.
std::string failed_line(const PlannedStage& stage, const StageFinished& end, const Paint& paint) {
  const Tone tone = stage.allow_failure ? Tone::warning : Tone::bad;
  const bool is_begun = end.failure != FailureKind::hook;
  return fmt::format("{}: {} ({}{}){}",
                     title(stage, paint),
                     paint(tone, is_begun ? "FAILED" : "not started"),
                     failure_of(end.failure, end.exit_code, end.signal, end.reason),
                     stage.allow_failure ? ", allowed" : "",
                     is_begun ? " after " + format_duration(end.duration) : "");
}

}  // namespace

std::string stage_end_line(const PlannedStage& stage,
                           const StageFinished& end,
                           const Paint& paint) {
  const std::string took = format_duration(end.duration);
  const std::string name = title(stage, paint);
  switch (end.status) {
    case StageStatus::completed:
      return fmt::format("{}: {} in {}", name, paint(Tone::good, "completed"), took);
    case StageStatus::failed:
      return failed_line(stage, end, paint);
    default:
      return fmt::format(
          "{}: {} after {}", name, paint(tone_of(end.status), to_string(end.status)), took);
  }
}

std::string stage_up_to_date_line(const PlannedStage& stage,
                                  const StageSkipped& skipped,
                                  const Paint& paint) {
  const std::string saved =
      skipped.saved <= Nanos{0} ? "" : fmt::format(" ({} saved)", format_duration(skipped.saved));
  return fmt::format(
      "{}: {}{}", title(stage, paint), paint(Tone::dim, printable(skipped.reason)), saved);
}

std::string stage_retry_line(const PlannedStage& stage,
                             const StageRetrying& retry,
                             const Paint& paint) {
  return fmt::format("{}: {} ({}), again in {}",
                     title(stage, paint),
                     paint(Tone::warning, fmt::format("attempt {} failed", retry.attempt)),
                     failure_of(retry.failure, retry.exit_code, retry.signal),
                     format_duration(retry.delay));
}

std::string stage_paused_line(const PlannedStage& stage,
                              const StagePaused& pause,
                              const Paint& paint) {
  return fmt::format("{}: {} ({})",
                     title(stage, paint),
                     paint(Tone::warning, "stands still"),
                     printable(pause.reason));
}

std::string stage_continued_line(const PlannedStage& stage, const Paint& paint) {
  return title(stage, paint) + ": goes on now";
}

std::string run_start_line(const RunEvent& event, const RunStarted& start, const Paint& paint) {
  const auto finished = std::count_if(start.stages.begin(),
                                      start.stages.end(),
                                      [](const auto& stage) { return stage.finished_before; });
  const std::string resumed =
      start.resumed_from.empty()
          ? ""
          : fmt::format(
                "; goes on from run {}, {} finished there", short_id(start.resumed_from), finished);
  return fmt::format("== {}: {}, lane {}, {}, up to {} at once{}",
                     paint(Tone::strong, "run " + short_id(event.run_id)),
                     printable(start.workflow),
                     printable(start.lane),
                     count_of(static_cast<long long>(start.stages.size()), "stage"),
                     start.jobs,
                     resumed);
}

std::string cancelling_line(const RunCancelling& cancelling, const Paint& paint) {
  return fmt::format("== {} ({}): {}",
                     paint(Tone::warning, "cancelling"),
                     printable(cancelling.reason),
                     cancelling.immediate ? "everything is killed now"
                                          : "waiting for running stages; once more kills them");
}

std::unique_ptr<RunView> make_view(OutputKind kind, ViewOptions options) {
  switch (kind) {
    case OutputKind::live:
      return std::make_unique<LiveView>(std::move(options));
    case OutputKind::plain:
      return std::make_unique<PlainView>(std::move(options));
    case OutputKind::stream:
      return std::make_unique<StreamView>(std::move(options));
    case OutputKind::quiet:
      return std::make_unique<QuietView>(std::move(options));
    case OutputKind::events:
      return std::make_unique<EventsView>(std::move(options));
  }
  return nullptr;
}

}  // namespace headway::cli
