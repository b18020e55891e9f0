// `headway plan`: what would run, in what order and why, and how long it takes. Starts nothing.
#include "cli/commands/cmd_plan.hpp"

#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/text/plan_table.hpp"

#include <memory>

namespace headway::cli {
int show_plan(PreparedPlan& prepared, const GlobalOptions& options) {
  Console console(options, prepared.secrets);
  for (const std::string& line : look_at_inputs(prepared.plan)) {
    console.tell("inputs: " + line);
  }
  const RunPlan& plan = prepared.plan;
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
    console.document(plan_document(plan, table, prepared.secrets));
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
  command.run = [flags](const GlobalOptions& options) {
    return with_plan(*flags, options, [&options](PreparedPlan& prepared) {
      return show_plan(prepared, options);
    });
  };
  return command;
}

}  // namespace headway::cli
