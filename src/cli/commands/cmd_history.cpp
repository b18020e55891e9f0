// `headway history`: the timing history as a whole: out as JSON, in from JSON, where it is, and
// less of it. Knows no SQL.
#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/units.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/terminal/text_layout.hpp"
#include "orchestration/orchestrator.hpp"
#include "timing/history_json.hpp"
#include "timing/history_rebuild.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>

namespace headway::cli {
namespace {

struct HistoryOptions {
  std::vector<std::string> words;
  std::string keep, older_than;
  bool dry_run = false;
};

Error usage(std::string message, std::string next_step) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(next_step)};
}

// Oldest first, as the original wrote it.
int export_history(const std::string& file, const StateFolder& state, Console& console) {
  std::vector<WorkflowTimingProfile> profiles;
  std::string notice;
  const auto read = read_history(state, notice, [&profiles](const History& history) {
    auto all = history.profiles(std::numeric_limits<int>::max());
    if (!all) {
      return Result<void>(std::move(all).error());
    }
    profiles = std::move(*all);
    return Result<void>();
  });
  if (!notice.empty()) {
    console.tell("history: " + notice);
  }
  if (!read && read.error().code != ErrorCode::not_found) {
    return console.refuse(read.error());
  }
  std::reverse(profiles.begin(), profiles.end());
  const std::string text = to_history_json(profiles);
  if (file.empty() || file == "-") {
    console.bytes(text);
    return console.finish(0);
  }
  if (const auto written = write_file_atomically(file, text, Durability::process); !written) {
    return console.refuse(written.error());
  }
  console.say(fmt::format("{} written to {}\n",
                          count_of(static_cast<long long>(profiles.size()), "run"),
                          printable(short_path(file))));
  return console.finish(0);
}

// All of the file is read and checked before anything is saved.
int import_history(const std::string& file, const StateFolder& state, Console& console) {
  const auto text = read_file(file);
  if (!text) {
    return console.refuse(text.error());
  }
  auto profiles = parse_history_json(*text);
  if (!profiles) {
    Error error = std::move(profiles).error();
    error.message = fmt::format("{}: {}", file, error.message);
    error.next_step = "nothing was imported; give a file that 'headway history export' wrote";
    return console.refuse(error);
  }
  if (const auto made = state.create(); !made) {
    return console.refuse(made.error());
  }
  auto history = History::open(state.history());
  if (!history) {
    return console.refuse(history.error());
  }
  const auto added = history->add_missing(*profiles);
  if (!added) {
    return console.refuse(added.error());
  }
  const auto known = static_cast<long long>(profiles->size()) - *added;
  console.say(fmt::format("{} imported{}\n",
                          count_of(*added, "run"),
                          known > 0 ? fmt::format(", {} there already", known) : ""));
  return console.finish(0);
}

Result<HistoryBounds> bounds_of(const HistoryOptions& asked) {
  HistoryBounds bounds;
  if (asked.keep.empty() && asked.older_than.empty()) {
    return usage("history prune needs a bound", "give --keep N, --older-than D, or both");
  }
  if (!asked.keep.empty()) {
    std::int64_t most = 0;
    const char* end = asked.keep.data() + asked.keep.size();
    const auto [stop, error] = std::from_chars(asked.keep.data(), end, most);
    if (error != std::errc{} || stop != end || most < 1) {
      return usage(fmt::format("'{}' is no value of '--keep'", asked.keep),
                   "give a number from 1 on");
    }
    bounds.most_runs = most;
  }
  if (!asked.older_than.empty()) {
    const auto age = parse_duration(asked.older_than);
    if (!age) {
      return usage(fmt::format("'--older-than': {}", age.error().message), "say 90d or 12h");
    }
    bounds.started_before =
        SystemClock().wall() - std::chrono::duration_cast<WallTime::duration>(*age);
  }
  return bounds;
}

int prune_history(const HistoryOptions& asked, const StateFolder& state, Console& console) {
  const auto bounds = bounds_of(asked);
  if (!bounds) {
    return console.refuse(bounds.error());
  }
  int removed = 0;
  if (path_exists(state.history())) {
    auto history = History::open(state.history());
    if (!history) {
      return console.refuse(history.error());
    }
    const auto count = history->prune(*bounds, asked.dry_run);
    if (!count) {
      return console.refuse(count.error());
    }
    removed = *count;
  }
  console.say(fmt::format(
      "{} {}\n", count_of(removed, "run"), asked.dry_run ? "would be removed" : "removed"));
  return console.finish(0);
}

int run(const HistoryOptions& asked, const GlobalOptions& options) {
  Console console(options);
  const std::string action = asked.words.empty() ? "" : asked.words[0];
  std::string file = asked.words.size() > 1 ? asked.words[1] : "";
  if (!file.empty() && file != "-") {
    file = short_path(absolute_path(options.start, file));
  }
  const bool is_pruning = action == "prune";
  if (!is_pruning && (!asked.keep.empty() || !asked.older_than.empty() || asked.dry_run)) {
    return console.refuse(usage("'--keep', '--older-than' and '--dry-run' belong to prune",
                                "headway history prune --keep 100"));
  }
  if (!file.empty() && action != "export" && action != "import") {
    return console.refuse(usage(fmt::format("history {} takes no file", action), ""));
  }
  const auto project = open_for_reading(options, console);
  if (!project) {
    return static_cast<int>(ExitCode::usage);
  }
  if (action == "export") {
    return export_history(file, project->state, console);
  }
  if (action == "import" && !file.empty()) {
    return import_history(file, project->state, console);
  }
  if (action == "path") {
    console.bytes(project->state.history() + "\n");
    return console.finish(0);
  }
  if (is_pruning) {
    return prune_history(asked, project->state, console);
  }
  return console.refuse(usage(action == "import" ? "history import needs a file"
                              : action.empty()   ? "history needs to know what to do"
                                               : fmt::format("history does not know '{}'", action),
                              "headway history export [F], import F, path or prune"));
}

}  // namespace

Command history_command() {
  const auto asked = std::make_shared<HistoryOptions>();
  Command command;
  command.name = "history";
  command.summary = "The timing history: export [F], import F, path, prune";
  command.positional = "ACTION [F]";
  command.arguments = &asked->words;
  command.max_arguments = 2;
  command.flags = {{.names = "--keep",
                    .value_name = "N",
                    .help = "prune: of each lane keep the newest N runs",
                    .text = &asked->keep},
                   {.names = "--older-than",
                    .value_name = "D",
                    .help = "prune: remove runs older than that: 90d, 12h",
                    .text = &asked->older_than},
                   {.names = "--dry-run",
                    .value_name = "",
                    .help = "prune: only say how many runs would go",
                    .on = &asked->dry_run}};
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
