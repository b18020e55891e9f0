// `headway lane`: the lane that this change would take, and every rule with its fact. Runs nothing.
#include "change/lane_rules.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/project.hpp"
#include "cli/text/lane_text.hpp"
#include "orchestration/orchestrator.hpp"
#include "orchestration/session.hpp"

#include <fmt/format.h>

#include <memory>

namespace headway::cli {
namespace {

int run(const std::string& base, const GlobalOptions& options) {
  Console errors(options);
  const auto project = find_project(options, false);
  if (!project) {
    return errors.refuse(project.error());
  }
  std::optional<Workflow> workflow;
  if (!project->file.empty()) {
    workflow = load_checked(*project, errors);
    if (!workflow) {
      return static_cast<int>(ExitCode::usage);
    }
  }
  const std::vector<std::string> environment = process_environment();
  auto change = read_change(workflow ? workflow->directory : options.start,
                            {.base = base,
                             .with_messages = !workflow || needs_messages(*workflow),
                             .environment = environment});
  if (!change) {
    return errors.refuse(change.error());
  }
  LaneView view{std::move(*change), {}, {}, options.verbose > 0};
  view.decision = workflow ? choose_lane(*workflow, view.change) : choose_lane(view.change);
  const Lane* lane = workflow ? workflow->find_lane(view.decision.lane) : nullptr;
  const bool warns = workflow ? lane != nullptr && lane->warn_on_code
                              : LaneRegistry().get(view.decision.lane).value_or({}).warns_on_code;
  const std::string code = code_text(view.change);
  if (warns && !code.empty() && !view.change.counts_everything) {
    view.warning = fmt::format(
        "code changed, and lane '{}' is not meant for it: {}", view.decision.lane, code);
  }
  const SecretSet secrets = workflow ? workflow_secrets(*workflow, environment) : SecretSet();
  Console console(options, secrets);
  if (options.quiet) {
    console.say_always(view.decision.lane + "\n");
  }
  console.say(lane_text(view, console.paint(), console.width()));
  if (!view.warning.empty()) {
    console.tell(view.warning);
  }
  if (options.json) {
    console.document(lane_document(view, secrets));
  }
  return console.finish(0);
}

}  // namespace

Command lane_command() {
  const auto base = std::make_shared<std::string>();
  Command command;
  command.name = "lane";
  command.summary = "Show the lane that this change would take, and why";
  command.takes_json = true;
  command.flags = {{.names = "--base",
                    .value_name = "REV",
                    .help = "what changed since the merge base with REV",
                    .text = base.get()}};
  command.run = [base](const GlobalOptions& options) { return run(*base, options); };
  return command;
}

}  // namespace headway::cli
