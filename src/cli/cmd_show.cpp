// `headway show`: one run, whole; --rebuild makes its derived files anew first. Runs nothing.
#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/failure_screen.hpp"
#include "cli/project.hpp"
#include "cli/run_text.hpp"
#include "cli/text_layout.hpp"
#include "orchestration/orchestrator.hpp"
#include "record/run_document.hpp"
#include "record/run_reader.hpp"

#include <fmt/format.h>

#include <memory>

namespace headway::cli {
namespace {

struct ShowOptions {
  std::vector<std::string> run;
  bool rebuild = false;
};

std::string critical_path_text(const RunState& state) {
  std::string text;
  for (const int position : observed_critical_path(state)) {
    text += text.empty() ? "" : " > ";
    text += printable(state.stages[static_cast<std::size_t>(position)].plan->key);
  }
  return text.empty() ? "" : "\ncritical path: " + text + "\n";
}

std::string left_out_text(const RunState& state) {
  std::string text;
  for (const auto& [key, reason] : state.start.left_out) {
    text += fmt::format("  {}: {}\n", printable(key), printable(reason));
  }
  return text.empty() ? "" : "\nleft out:\n" + text;
}

void show(const RunState& state, const RunFolder& folder, Console& console, bool verbose) {
  const Paint paint = console.paint();
  console.say_always(run_heading(state, paint) + "\n");
  console.say(stage_table(state, paint, {.verbose = verbose, .width = console.width()}));
  console.say(critical_path_text(state));
  if (verbose) {
    console.say(left_out_text(state));
  }
  if (state.first_failure) {
    console.say("\n" + failure_screen(state,
                                      {.run_folder = folder.path,
                                       .program = "headway",
                                       .paint = paint,
                                       .width = console.width()}));
  }
  console.say(fmt::format("\nrecord: {}\n", short_path(folder.path)));
}

int refuse(Console& console, const Error& error) {
  console.tell(error);
  return exit_code_of(error);
}

int run(const ShowOptions& asked, const GlobalOptions& options) {
  Console console(options);
  const auto project = open_for_reading(options, console);
  if (!project) {
    return static_cast<int>(ExitCode::usage);
  }
  const auto chosen = choose_run(project->state, asked.run.empty() ? "" : asked.run.front());
  if (!chosen) {
    return refuse(console, chosen.error());
  }
  if (chosen->run_id.empty()) {
    console.say_always("no runs yet\n");
    if (options.json) {
      console.document(R"({"format":1,"status":"NONE"})");
    }
    return console.finish(0);
  }
  if (asked.rebuild) {
    if (const auto rebuilt = rebuild_run(chosen->folder); !rebuilt) {
      return refuse(console, rebuilt.error());
    }
    console.say(fmt::format("made anew: {}\n", short_path(chosen->folder.status())));
  }
  const auto state = read_run(chosen->folder);
  if (!state) {
    return refuse(console, state.error());
  }
  show(*state, chosen->folder, console, options.verbose > 0);
  if (options.json) {
    console.document(run_document(*state, chosen->folder.path, {}));
  }
  return console.finish(0);
}

}  // namespace

Command show_command() {
  const auto asked = std::make_shared<ShowOptions>();
  Command command;
  command.name = "show";
  command.summary = "Show the newest (or the named) run";
  command.positional = "[RUN]";
  command.arguments = &asked->run;
  command.max_arguments = 1;
  command.takes_json = true;
  command.flags = {{.names = "--rebuild",
                    .value_name = "",
                    .help = "make its derived files anew from its events first",
                    .on = &asked->rebuild}};
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
