// `headway report`: a recorded run in the formats of other tools. Runs nothing.
#include "base/files.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/terminal/text_layout.hpp"
#include "orchestration/orchestrator.hpp"
#include "record/run_reader.hpp"
#include "report/wf_report.hpp"

#include <fmt/format.h>

#include <memory>

namespace headway::cli {
namespace {

struct ReportOptions {
  std::vector<std::string> run;
  std::string wfformat;
};

// A file is replaced whole; "-" is standard output.
int put(const std::string& file,
        const std::string& text,
        const GlobalOptions& options,
        Console& console) {
  if (file == "-") {
    console.bytes(text);
    return console.finish(0);
  }
  const std::string path = short_path(absolute_path(options.start, file));
  if (const auto written = write_file_atomically(path, text, Durability::process); !written) {
    return console.refuse(written.error());
  }
  console.say(fmt::format("wrote {}\n", printable(path)));
  return console.finish(0);
}

int write_reports(const ReportOptions& asked,
                  const GlobalOptions& options,
                  const RunFolder& folder,
                  Console& console) {
  const auto state = read_run(folder);
  if (!state) {
    return console.refuse(state.error());
  }
  const auto text = wf_report(*state);
  if (!text) {
    return console.refuse(text.error());
  }
  return put(asked.wfformat, *text, options, console);
}

int run(const ReportOptions& asked, const GlobalOptions& options) {
  Console console(options);
  if (asked.wfformat.empty()) {
    console.tell("nothing to write: name a format and a file, as '--wfformat run.json'");
    return static_cast<int>(ExitCode::usage);
  }
  const auto none = [&] {
    return console.refuse(
        {ErrorCode::not_found, "no runs yet: there is nothing to report", "headway run"});
  };
  const auto use = [&](const RunFolder& folder) {
    return write_reports(asked, options, folder, console);
  };
  return with_chosen_run(options, console, asked.run, {.none = none, .run = use});
}

}  // namespace

Command report_command() {
  const auto asked = std::make_shared<ReportOptions>();
  Command command =
      run_reading_command("report", "Write a run in the formats of other tools", &asked->run);
  command.takes_json = false;
  command.flags = {
      {.names = "--wfformat",
       .value_name = "F",
       .help = "tasks, needs, times and memory as WfFormat 1.5 (wfcommons.org); - is stdout",
       .text = &asked->wfformat},
      {.names = "--html", .value_name = "F", .help = ""},
      {.names = "--junit", .value_name = "F", .help = ""},
      {.names = "--trace", .value_name = "F", .help = ""},
      {.names = "--otlp", .value_name = "F", .help = ""},
      {.names = "--markdown", .value_name = "F", .help = ""},
  };
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
