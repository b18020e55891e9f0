// `headway report`: a recorded run in the formats of other tools. Runs nothing.
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/project/report_files.hpp"
#include "orchestration/orchestrator.hpp"

#include <memory>

namespace headway::cli {
namespace {

struct ReportOptions {
  std::vector<std::string> run;
  ReportFiles files;
};

int run(const ReportOptions& asked, const GlobalOptions& options) {
  Console console(options);
  if (asked.files.empty()) {
    console.tell("nothing to write: name a format and a file, as '--junit report.xml'");
    return static_cast<int>(ExitCode::usage);
  }
  const auto none = [&] {
    return console.refuse(
        {ErrorCode::not_found, "no runs yet: there is nothing to report", "headway run"});
  };
  const auto use = [&](const RunFolder& folder) {
    return write_report_files(asked.files, folder, options, console);
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
      {.names = "--html",
       .value_name = "F",
       .help = "one page: timeline, first failure, machine, stages",
       .text = &asked->files.html},
      {.names = "--junit",
       .value_name = "F",
       .help = "a test case for each stage, as JUnit XML; - is stdout",
       .text = &asked->files.junit},
      {.names = "--trace",
       .value_name = "F",
       .help = "attempts, CPUs and memory over time, for Perfetto or chrome://tracing",
       .text = &asked->files.trace},
      {.names = "--otlp",
       .value_name = "F",
       .help = "spans of run, stages and attempts, as OTLP/JSON",
       .text = &asked->files.otlp},
      {.names = "--markdown",
       .value_name = "F",
       .help = "how it went, for a pull request or a job summary",
       .text = &asked->files.markdown},
      {.names = "--wfformat",
       .value_name = "F",
       .help = "tasks, needs, times and memory as WfFormat 1.5 (wfcommons.org); - is stdout",
       .text = &asked->files.wfformat},
  };
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
