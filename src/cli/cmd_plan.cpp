// `headway plan`: what would run, in what order and why, and how long it takes. Starts nothing.
#include "cli/cmd_plan.hpp"

#include "cli/commands.hpp"
#include "cli/plan_table.hpp"
#include "cli/project.hpp"
#include "cli/run_request.hpp"
#include "orchestration/orchestrator.hpp"
#include "orchestration/session.hpp"

#include <memory>
#include <utility>

namespace headway::cli {
namespace {

constexpr int kUsage = static_cast<int>(ExitCode::usage);

int run(const RequestFlags& flags, const GlobalOptions& options) {
  Console errors(options);
  auto request = make_request(flags, options.settings);
  if (!request) {
    errors.tell(request.error());
    return kUsage;
  }
  const auto project = find_project(options, true);
  if (!project) {
    errors.tell(project.error());
    return kUsage;
  }
  const auto workflow = load_checked(*project, errors);
  if (!workflow) {
    return kUsage;
  }
  const auto plan = make_run_plan(*workflow, std::move(*request));
  if (!plan) {
    errors.tell(plan.error());
    return exit_code_of(plan.error());
  }
  const SecretSet secrets = workflow_secrets(*workflow, process_environment());
  Console console(options, secrets);
  return show_plan(*plan, options, secrets, console);
}

}  // namespace

int show_plan(const RunPlan& plan,
              const GlobalOptions& options,
              const SecretSet& secrets,
              Console& console) {
  if (!plan.history_trouble.empty()) {
    console.tell("history: " + plan.history_trouble);
  }
  const PlanTable table = make_plan_table(plan);
  if (options.quiet) {
    for (const PlannedRow& row : table.rows) {
      console.say_always(plan.stage(row.position).key + "\n");
    }
  }
  console.say(plan_text(plan, table, console.paint(), console.width()));
  if (options.json) {
    console.document(plan_document(plan, table, secrets));
  }
  return console.finish(0);
}

Command plan_command() {
  const auto flags = std::make_shared<RequestFlags>();
  Command command;
  command.name = "plan";
  command.summary = "Show what would run, in what order and why";
  command.positional = "[STAGE...]";
  command.arguments = &flags->stages;
  command.takes_json = true;
  command.flags = request_flags(*flags);
  command.run = [flags](const GlobalOptions& options) { return run(*flags, options); };
  return command;
}

}  // namespace headway::cli
