// `headway doctor`: looks at this machine and repository. Decides nothing.
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/doctor_request.hpp"
#include "cli/text/doctor_text.hpp"
#include "orchestration/orchestrator.hpp"

#include <memory>

namespace headway::cli {
namespace {

int run(const std::string& lane, const GlobalOptions& options) {
  const auto prepared = prepare_doctor(options, lane);
  if (!prepared) {
    return Console(options).refuse(prepared.error());
  }
  Console console(options, prepared->secrets);
  const auto report = examine(prepared->request);
  if (!report) {
    return console.refuse(report.error());
  }
  console.say(doctor_text(
      *report,
      {.paint = console.paint(), .verbose = options.verbose > 0, .width = console.width()}));
  if (options.json) {
    console.document(doctor_document(*report, prepared->secrets));
  }
  return console.finish(has_failure(report->checks) ? static_cast<int>(ExitCode::stage_failed) : 0);
}

}  // namespace

Command doctor_command() {
  const auto lane = std::make_shared<std::string>();
  Command command;
  command.name = "doctor";
  command.summary = "Check this machine and repository, and what changed since the last green run";
  command.takes_json = true;
  command.flags = {{.names = "--lane",
                    .value_name = "NAME",
                    .help = "what that lane needs (default: the file's)",
                    .text = lane.get()}};
  command.run = [lane](const GlobalOptions& options) { return run(*lane, options); };
  return command;
}

}  // namespace headway::cli
