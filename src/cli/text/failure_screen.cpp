// The last screen of a run that failed; see failure_screen.hpp. Decides nothing.
#include "cli/text/failure_screen.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/uuid.hpp"
#include "cli/project/project.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/explanation_text.hpp"
#include "cli/text/log_tail.hpp"
#include "cli/text/offered_command.hpp"
#include "cli/text/run_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace headway::cli {
namespace {

constexpr std::size_t kMaxKeys = 8;    // of a list of stages
constexpr std::size_t kMaxGroups = 5;  // of reasons

std::string bounded_list(const std::vector<std::string>& keys) {
  std::vector<std::string> shown(
      keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(std::min(keys.size(), kMaxKeys)));
  const std::size_t more = keys.size() - shown.size();
  return join(shown, ", ") + (more == 0 ? "" : fmt::format(" and {} more", more));
}

std::string what_broke(const StageState& stage, const Paint& paint) {
  const std::string named =
      stage.plan->name == stage.plan->key ? "" : fmt::format(" ({})", printable(stage.plan->name));
  const std::string attempts =
      stage.attempts > 1 ? fmt::format(", attempt {}", stage.attempts) : "";
  const std::string after = stage.failure == FailureKind::hook
                                ? ""
                                : fmt::format(" after {}", format_duration(stage.duration));
  return fmt::format("{} {}{}: {}{}{}\n",
                     paint(Tone::bad, "FAILED"),
                     paint(Tone::strong, printable(stage.plan->key)),
                     named,
                     printable(failure_text(stage)),
                     after,
                     attempts);
}

// Said where there is no line of it to show.
std::string why_no_lines(const StageState& stage) {
  return stage.plan->interactive ? "It had the terminal: what it printed is not recorded."
         : stage.lost_bytes == 0 ? "It printed nothing."
                                 : fmt::format("None of what it printed could be kept ({}).",
                                               format_size(stage.lost_bytes));
}

std::string last_lines(const StageState& stage, const FailureScreenOptions& options) {
  const std::string path = options.run_folder + "/" + stage.log();
  if (stage.attempts == 0) {
    return "";
  }
  const auto tail = read_log_tail(path, options.tail_lines);
  if (!tail || tail->lines.empty()) {
    return fmt::format("\n  {}\n", why_no_lines(stage));
  }
  const auto shown = static_cast<long long>(tail->lines.size());
  std::string text =
      shown < tail->line_count
          ? fmt::format("\n  Last {} of {}:\n", shown, count_of(tail->line_count, "line"))
          : "\n";
  const int digits = static_cast<int>(std::to_string(tail->line_count).size());
  for (long long at = 0; at < shown; ++at) {
    const std::string number = std::to_string(tail->first_line + at);
    std::string line = fmt::format("  {} | {}",
                                   options.paint(Tone::dim, pad_left(number, digits)),
                                   tail->lines[static_cast<std::size_t>(at)]);
    line = options.width > 0 ? cut_to_width(line, options.width) : line;
    text += std::string(trim(line).empty() ? "" : line.substr(0, line.find_last_not_of(' ') + 1)) +
            "\n";
  }
  if (stage.lost_bytes > 0) {
    text += fmt::format("  ({} of output could not be kept)\n", format_size(stage.lost_bytes));
  }
  return text;
}

// The lines that matter and why it failed; of an older record its last lines.
std::string why(const RunState& state,
                const StageState& stage,
                const FailureScreenOptions& options) {
  if (!state.explained) {
    return last_lines(stage, options);
  }
  std::string text =
      "\n" + explained_text(
                 *state.explained,
                 {.paint = options.paint, .width = options.width, .no_lines = why_no_lines(stage)});
  if (stage.lost_bytes > 0 && !state.explained->excerpt.empty()) {
    text += fmt::format("  ({} of output could not be kept)\n", format_size(stage.lost_bytes));
  }
  return text;
}

std::string not_run(const RunState& state) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;  // reason, keys
  for (const StageState& stage : state.stages) {
    if (stage.status != StageStatus::skipped || stage.up_to_date) {
      continue;
    }
    auto group = std::find_if(
        groups.begin(), groups.end(), [&](const auto& g) { return g.first == stage.reason; });
    if (group == groups.end()) {
      group = groups.insert(groups.end(), {stage.reason, {}});
    }
    group->second.push_back(printable(stage.plan->key));
  }
  std::string text;
  for (std::size_t at = 0; at < std::min(groups.size(), kMaxGroups); ++at) {
    const auto& [reason, keys] = groups[at];
    text +=
        fmt::format("Not run ({}): {}\n  {}\n", keys.size(), printable(reason), bounded_list(keys));
  }
  if (groups.size() > kMaxGroups) {
    text += fmt::format("Not run for {} other reasons as well.\n", groups.size() - kMaxGroups);
  }
  return text.empty() ? "" : "\n" + text;
}

std::string also_failed(const RunState& state) {
  std::vector<std::string> keys, allowed;
  for (std::size_t at = 0; at < state.stages.size(); ++at) {
    const StageState& stage = state.stages[at];
    if (stage.status == StageStatus::failed && static_cast<int>(at) != *state.first_failure) {
      (stage.plan->allow_failure ? allowed : keys)
          .push_back(
              fmt::format("{} ({})", printable(stage.plan->key), printable(failure_text(stage))));
    }
  }
  std::string text;
  if (!keys.empty()) {
    text += fmt::format("\nFailed later ({}): {}\n", keys.size(), bounded_list(keys));
  }
  if (!allowed.empty()) {
    text += fmt::format("\nFailed, as allowed ({}): {}\n", allowed.size(), bounded_list(allowed));
  }
  return text;
}

}  // namespace

std::string go_on_line(const RunState& state, const FailureScreenOptions& options) {
  std::string doubts;
  const std::string words = resume_words(state, doubts);
  std::string text =
      fmt::format("Go on from it: {} resume {}{}\n", options.program, words, options.resume_flags);
  if (!doubts.empty()) {
    text += fmt::format(
        "               (without {}, which is not repeated: look at what it did; --force repeats "
        "all)\n",
        printable(doubts));
  }
  return text;
}

std::string failure_screen(const RunState& state, const FailureScreenOptions& options) {
  if (!state.first_failure) {
    return "";
  }
  const StageState& stage = state.stages[static_cast<std::size_t>(*state.first_failure)];
  const std::string again = fmt::format("{} run --only {}{}{}",
                                        options.program,
                                        typed_word(stage.plan->key),
                                        options.run_flags,
                                        fact_flags(state));
  const std::string arguments = argument_words(state, stage.plan->key);
  std::string text = what_broke(stage, options.paint);
  text += why(state, stage, options) + also_failed(state) + not_run(state);
  text += fmt::format("\nRun it again:  {}{}\n", again, arguments);
  text += go_on_line(state, options);
  if (!options.checkpoint.empty()) {
    text += fmt::format(
        "Undo it:       {} checkpoint restore {}  (its paths, as they were before it)\n",
        options.program,
        options.checkpoint);
  }
  if (stage.failure == FailureKind::hook) {
    text += fmt::format("All the same:  {} --force-hooks{}\n", again, arguments);
  }
  const std::string log = options.run_folder + "/" + stage.log();
  if (stage.attempts > 0 && path_exists(log)) {  // what printed nothing has none
    text += fmt::format("Whole log:     {}\n", printable(short_path(log)));
  }
  return text;
}

}  // namespace headway::cli
