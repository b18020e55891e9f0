// `headway show`: one run, whole; --rebuild makes its derived files anew first. Runs nothing.
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/project/saved_paths.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/failure_screen.hpp"
#include "cli/text/gate_table.hpp"
#include "cli/text/hook_table.hpp"
#include "cli/text/run_text.hpp"
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

// The record knows the lane; which one is the default, only the file would say.
FailureScreenOptions screen_options(const RunState& state,
                                    const RunFolder& folder,
                                    const GlobalOptions& options,
                                    const Console& console) {
  return {.run_folder = folder.path,
          .program = program_words(options),
          .run_flags = " --lane " + shell_quote(state.start.lane),
          .checkpoint = saved_before_failure(state, folder.path),
          .paint = console.paint(),
          .width = console.width()};
}

void show(const RunState& state,
          const RunFolder& folder,
          const GlobalOptions& options,
          Console& console) {
  const bool verbose = options.verbose > 0;
  const Paint paint = console.paint();
  console.say_always(run_heading(state, paint) + "\n");
  console.say(stage_table(state, paint, {.verbose = verbose, .width = console.width()}));
  if (const std::string gates = gate_table(state.gates, paint, verbose, console.width());
      !gates.empty()) {
    console.say("\ngates:\n" + gates);
  }
  if (const std::string hooks = hook_table(state, paint, verbose, console.width());
      !hooks.empty()) {
    console.say("\nhooks:\n" + hooks);
  }
  console.say(critical_path_text(state));
  if (verbose) {
    console.say(left_out_text(state));
  }
  if (state.first_failure) {
    console.say("\n" + failure_screen(state, screen_options(state, folder, options, console)));
  }
  console.say(fmt::format("\nrecord: {}\n", printable(short_path(folder.path))));
}

int show_folder(const ShowOptions& asked,
                const GlobalOptions& options,
                const RunFolder& folder,
                Console& console) {
  if (asked.rebuild) {
    if (const auto rebuilt = rebuild_run(folder); !rebuilt) {
      return console.refuse(rebuilt.error());
    }
    console.say(fmt::format("made anew: {}\n", printable(short_path(folder.status()))));
  }
  const auto state = read_run(folder);
  if (!state) {
    return console.refuse(state.error());
  }
  show(*state, folder, options, console);
  if (options.json) {
    console.document(run_document(*state, folder.path, {}));
  }
  return console.finish(0);
}

int run(const ShowOptions& asked, const GlobalOptions& options) {
  Console console(options);
  const auto none = [&] {
    console.say_always("no runs yet\n");
    if (options.json) {
      console.document(kNoRunDocument);
    }
    return console.finish(0);
  };
  const auto use = [&](const RunFolder& folder) {
    return show_folder(asked, options, folder, console);
  };
  return with_chosen_run(options, console, asked.run, {.none = none, .run = use});
}

}  // namespace

Command show_command() {
  const auto asked = std::make_shared<ShowOptions>();
  Command command = run_reading_command("show", "Show the newest (or the named) run", &asked->run);
  command.flags = {{.names = "--rebuild",
                    .value_name = "",
                    .help = "make its derived files anew from its events first",
                    .on = &asked->rebuild}};
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
