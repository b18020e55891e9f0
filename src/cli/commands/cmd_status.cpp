// `headway status`: how the newest or a named run stands; --watch redraws until it ends.
// Changes no run.
#include "base/clock.hpp"
#include "base/text.hpp"
#include "base/uuid.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/terminal/live_region.hpp"
#include "cli/text/run_text.hpp"
#include "orchestration/orchestrator.hpp"
#include "record/run_reader.hpp"

#include <poll.h>

#include <memory>

namespace headway::cli {
namespace {

constexpr int kWatchMilliseconds = 500;

struct StatusOptions {
  std::vector<std::string> run;
  bool watch = false;
};

int say_none(Console& console, bool json) {
  console.say_always("NONE: no run yet\n");
  if (json) {
    console.document(kNoRunDocument);
  }
  return console.finish(0);
}

// In place on a terminal; elsewhere a new picture whenever a stage has started or ended.
int watch(const RunFolder& folder, Console& console, const GlobalOptions& options) {
  const bool in_place = can_redraw(options.terminal, console.people_stream());
  LiveRegion region(console.people_fd());
  region.keep_cursor();  // Ctrl-C is how people leave
  std::string last;
  while (true) {
    const auto state = read_run(folder);
    if (!state) {
      return console.refuse(state.error());
    }
    const StageTableOptions table{.verbose = options.verbose > 0, .width = console.width()};
    const std::string picture = status_text(*state, console.paint(), table);
    const std::string shape = std::to_string(state->finished) + " " +
                              std::to_string(state->running) + std::to_string(state->exit_code);
    if (in_place && !state->ended()) {
      std::vector<std::string> lines;
      for (const std::string_view line : split(trim(picture), '\n')) {
        lines.emplace_back(line);
      }
      region.draw(lines);
    } else if (in_place || shape != last) {
      region.clear();
      console.say_always(in_place ? picture : picture + "\n");
    }
    last = shape;
    if (state->ended()) {
      return console.finish(0);
    }
    ::poll(nullptr, 0, kWatchMilliseconds);
  }
}

int show_state(const RunFolder& folder, Console& console, const GlobalOptions& options) {
  const auto state = read_run(folder);
  if (!state) {
    return console.refuse(state.error());
  }
  if (options.quiet) {
    console.say_always(std::string(to_string(state->status)) + "\n");
  }
  console.say(status_text(
      *state, console.paint(), {.verbose = options.verbose > 0, .width = console.width()}));
  if (options.json) {
    console.document(trim(status_document(*state, {})));
  }
  return console.finish(0);
}

int run(const StatusOptions& asked, const GlobalOptions& options) {
  Console console(options);
  if (asked.watch && options.json) {
    console.tell("'--watch' and '--json' exclude each other: a document is written once");
    return static_cast<int>(ExitCode::usage);
  }
  const auto none = [&] { return say_none(console, options.json); };
  const auto use = [&](const RunFolder& folder) {
    return asked.watch ? watch(folder, console, options) : show_state(folder, console, options);
  };
  return with_chosen_run(options, console, asked.run, {.none = none, .run = use});
}

}  // namespace

Command status_command() {
  const auto asked = std::make_shared<StatusOptions>();
  Command command =
      run_reading_command("status", "Show how the newest (or the named) run stands", &asked->run);
  command.flags = {{.names = "--watch",
                    .value_name = "",
                    .help = "redraw until the run ends",
                    .on = &asked->watch}};
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
