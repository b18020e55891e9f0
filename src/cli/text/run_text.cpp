// A run in words; see run_text.hpp. Knows no stream and no clock.
#include "cli/text/run_text.hpp"

#include "base/signal_name.hpp"
#include "base/text.hpp"
#include "base/uuid.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/terminal/text_table.hpp"
#include "cli/text/explanation_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <vector>

namespace headway::cli {
namespace {

constexpr int kBarColumns = 24;
constexpr int kShortestBar = 5;

bool is_allowed_failure(const StageState& stage) {
  return stage.status == StageStatus::failed && stage.plan->allow_failure;
}

// What stands behind the time of a stage.
std::string remark(const StageState& stage) {
  std::string text = failure_text(stage);
  if (text.empty() && stage.status != StageStatus::completed) {
    text = stage.reason;
  } else if (stage.was_kept()) {
    text = stage.reason;
  } else if (is_allowed_failure(stage)) {
    text += ", allowed";
  }
  if (stage.attempts > 1) {
    text += fmt::format("{}attempt {}", text.empty() ? "" : ", ", stage.attempts);
  }
  return text;
}

std::vector<Cell> stage_row(const RunState& state, const StageState& stage, bool verbose) {
  const bool started = stage.started_offset.has_value();
  const Tone tone = is_allowed_failure(stage) ? Tone::warning : tone_of(stage.status);
  std::vector<Cell> row{{std::string(to_string(stage.status)), tone},
                        {stage.plan->key},
                        {started ? format_duration(state.duration_so_far(stage)) : ""}};
  if (verbose) {
    row.push_back({started ? format_duration(stage.queue_wait) : ""});
    row.push_back({stage.has_exit_code ? format_duration(stage.usage.cpu) : ""});
    row.push_back(
        {stage.usage.peak_memory_bytes > 0 ? format_size(stage.usage.peak_memory_bytes) : ""});
  }
  row.push_back({remark(stage), Tone::dim});
  return row;
}

std::string counts_text(const RunState& state) {
  static constexpr std::array<std::pair<StageStatus, const char*>, 5> kWords{
      {{StageStatus::completed, "completed"},
       {StageStatus::failed, "failed"},
       {StageStatus::cancelled, "cancelled"},
       {StageStatus::interrupted, "interrupted"},
       {StageStatus::skipped, "skipped"}}};
  std::vector<std::string> parts;
  const auto up_to_date = std::count_if(state.stages.begin(),
                                        state.stages.end(),
                                        [](const StageState& stage) { return stage.up_to_date; });
  const auto allowed = std::count_if(state.stages.begin(), state.stages.end(), is_allowed_failure);
  for (const auto& [status, word] : kWords) {
    const auto count = std::count_if(
        state.stages.begin(), state.stages.end(), [wanted = status](const StageState& stage) {
          return stage.status == wanted && !stage.up_to_date && !stage.was_kept() &&
                 !is_allowed_failure(stage);
        });
    if (count > 0) {
      parts.push_back(fmt::format("{} {}", count, word));
    }
    if (status == StageStatus::failed && allowed > 0) {
      parts.push_back(fmt::format("{} failed (allowed)", allowed));
    }
  }
  const auto kept = std::count_if(state.stages.begin(),
                                  state.stages.end(),
                                  [](const StageState& stage) { return stage.was_kept(); });
  if (kept > 0) {
    parts.push_back(fmt::format("{} finished before", kept));
  }
  if (up_to_date > 0) {
    parts.push_back(fmt::format("{} up to date", up_to_date));
  }
  const auto pending = static_cast<int>(state.stages.size()) - state.finished;
  if (pending > 0) {
    parts.push_back(fmt::format("{} not run", pending));
  }
  return join(parts, ", ");
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// Where the target is more likely missed than met.
std::string sla_text(const RunState& state) {
  const auto chance = state.estimate->sla_miss_probability.value_or(0);
  return state.start.sla && chance >= 0.5 ? fmt::format(", SLA of {} missed with {} %",
                                                        format_duration(*state.start.sla),
                                                        std::lround(100 * chance))
                                          : "";
}

}  // namespace

std::string remaining_text(const RemainingEstimate& estimate) {
  if (estimate.confidence <= 0) {
    return "time left not known yet";
  }
  return fmt::format("about {} left ({} to {}, {} % sure, {})",
                     format_duration(estimate.expected),
                     format_duration(estimate.p10),
                     format_duration(estimate.p90),
                     std::lround(estimate.confidence * 100),
                     rests_on_text(estimate));
}

std::string rests_on_text(const RemainingEstimate& estimate) {
  std::string text = count_of(estimate.runs, "run");
  if (estimate.judged_runs > 0) {
    text += fmt::format("; {} of the last {} ended inside the interval",
                        estimate.inside_runs,
                        estimate.judged_runs);
  }
  return text;
}

std::string progress_bar(int done, int all, int columns) {
  if (all <= 0 || columns <= 2) {
    return "";
  }
  const int full =
      static_cast<int>(static_cast<long long>(columns) * std::clamp(done, 0, all) / all);
  return "[" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(columns - full), '-') + "]";
}

std::string local_time(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return {text.data(), size};
}

std::string failure_text(const StageState& stage) {
  switch (stage.failure) {
    case FailureKind::none:
      return "";
    case FailureKind::exit_code:
      return fmt::format("exit code {}", stage.exit_code);
    case FailureKind::signal:
      return signal_name(stage.signal);
    case FailureKind::timeout:
      return "timeout";
    case FailureKind::start_failed:
      return stage.reason.empty() ? "could not be started" : stage.reason;
    case FailureKind::cancelled:
      return stage.reason.empty() ? "cancelled" : stage.reason;
    case FailureKind::oom:
      return "out of memory";
    case FailureKind::exception:
      return stage.reason.empty() ? "threw an exception" : stage.reason;
    case FailureKind::gate:
      return stage.reason.empty() ? "a gate failed" : stage.reason;
    case FailureKind::hook:
      return stage.reason.empty() ? "a hook refused it" : stage.reason;
  }
  return "";
}

std::string stage_table(const RunState& state, const Paint& paint, StageTableOptions options) {
  TextTable table(options.verbose ? std::vector<std::string>{"STATUS",
                                                             "STAGE",
                                                             ">TOOK",
                                                             ">WAITED",
                                                             ">CPU",
                                                             ">MEMORY",
                                                             "*NOTE"}
                                  : std::vector<std::string>{"", "", ">", "*"});
  for (const StageState& stage : state.stages) {
    table.add(stage_row(state, stage, options.verbose));
  }
  return table.render(paint, options.width, 2);
}

std::string run_heading(const RunState& state, const Paint& paint) {
  return fmt::format("run {}  {} {} {}  {}, lane {}, {}\n",
                     paint(Tone::strong, short_id(state.run_id)),
                     paint(tone_of(state.status), to_string(state.status)),
                     state.ended() ? "in" : "for",
                     format_duration(state.elapsed),
                     printable(state.start.workflow),
                     printable(state.start.lane),
                     local_time(state.started_at));
}

std::string final_line(const RunState& state, const Paint& paint) {
  Nanos work{};
  for (const StageState& stage : state.stages) {
    work += state.duration_so_far(stage);
  }
  std::string line = fmt::format("{} in {}",
                                 paint(tone_of(state.status), lower_case(to_string(state.status))),
                                 format_duration(state.elapsed));
  if (state.peak_running > 1) {
    line += fmt::format(" ({} of work)", format_duration(work));
  }
  line += ": " + counts_text(state);
  if (state.saved > Nanos{0}) {
    line += fmt::format(", {} of work saved", format_duration(state.saved));
  }
  if (!state.reason.empty() && state.status != RunStatus::completed && !state.first_failure) {
    line += fmt::format(" ({})", printable(state.reason));
  }
  if (state.start.sla && state.elapsed > *state.start.sla) {
    line += fmt::format("; SLA of {} missed", format_duration(*state.start.sla));
  }
  return line + paint(Tone::dim, fmt::format("  [run {}]", short_id(state.run_id))) + "\n";
}

std::string progress_line(const RunState& state, Nanos elapsed, int columns) {
  const RemainingEstimate estimate = state.estimate.value_or(RemainingEstimate{});
  const int all = static_cast<int>(state.stages.size());
  std::string text =
      fmt::format("{} of {}  {}  ", state.finished, state.stages.size(), format_duration(elapsed));
  if (estimate.confidence <= 0) {
    text += remaining_text(estimate);
  } else {
    text += fmt::format("{} left ({} - {}, {} % sure)",
                        format_duration(estimate.expected),
                        format_duration(estimate.p10),
                        format_duration(estimate.p90),
                        std::lround(estimate.confidence * 100));
    text += sla_text(state);
  }
  const int room = columns == 0 ? kBarColumns : columns - display_width(text) - 4;
  const std::string bar =
      room < kShortestBar ? "" : progress_bar(state.finished, all, std::min(room, kBarColumns));
  return bar.empty() ? text : bar + " " + text;
}

std::string status_text(const RunState& state, const Paint& paint, StageTableOptions options) {
  std::string text = run_heading(state, paint);
  if (state.status == RunStatus::running) {
    text += progress_line(state, state.elapsed, options.width) + "\n";
  } else if (!state.reason.empty()) {
    text += printable(state.reason) + "\n";
  }
  if (state.explained) {
    const StageState& failed = state.stages[static_cast<std::size_t>(*state.first_failure)];
    text += fmt::format("{} failed first; {}",
                        printable(failed.plan->key),
                        failure_cause_text(*state.explained, {.paint = paint}));
  }
  return text + "\n" + stage_table(state, paint, options);
}

}  // namespace headway::cli
