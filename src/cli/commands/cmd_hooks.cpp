// `headway hooks`: looks at hooks alone, outside of any run. Records nothing.
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/checked_workflow.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/hook_table.hpp"
#include "execution/process_backend.hpp"
#include "execution/watcher.hpp"
#include "model/selection.hpp"
#include "orchestration/hook_check_alone.hpp"
#include "orchestration/session.hpp"
#include "record/hook_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <numeric>

namespace headway::cli {
namespace {

struct HooksOptions {
  std::vector<std::string> stages;
};

// Positions in Workflow::stages, each once; where none is named, all that have hooks.
Result<std::vector<int>> chosen_stages(const Workflow& workflow,
                                       const std::vector<std::string>& names) {
  std::vector<int> stages;
  if (names.empty()) {
    stages.resize(workflow.stages.size());
    std::iota(stages.begin(), stages.end(), 0);
    std::erase_if(stages, [&](int stage) {
      return workflow.stages[static_cast<std::size_t>(stage)].hooks.empty();
    });
    return stages;
  }
  for (const std::string& name : names) {
    const auto named = stages_named(workflow, name);
    if (!named) {
      return named.error();
    }
    for (const int stage : *named) {
      if (std::find(stages.begin(), stages.end(), stage) == stages.end()) {
        stages.push_back(stage);
      }
    }
  }
  return stages;
}

std::string hooks_document(const Workflow& workflow,
                           const HooksCheck& check,
                           const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  json.begin_object().field("format", 1).field("passed", !check.refuses());
  json.key("hooks").begin_array();
  for (const HookChecked& hook : check.hooks) {
    write_hook(json, workflow.stages[static_cast<std::size_t>(hook.stage)].key, hook);
  }
  json.end_array().end_object();
  return text;
}

void tell(const Workflow& workflow,
          const HooksCheck& check,
          const GlobalOptions& options,
          Console& console) {
  std::vector<StageHook> hooks;
  for (const HookChecked& hook : check.hooks) {
    hooks.emplace_back(workflow.stages[static_cast<std::size_t>(hook.stage)].key, hook);
  }
  console.say_always(hook_table(hooks, console.paint(), !options.quiet, console.width()));
  const auto passed = std::count_if(
      hooks.begin(), hooks.end(), [](const StageHook& hook) { return hook.second.passed; });
  console.say(fmt::format("{}: {} passed{}\n",
                          count_of(static_cast<long long>(hooks.size()), "hook"),
                          passed,
                          check.refuses() ? "; a stage would be refused" : ""));
}

// In the worker.
int check(const Workflow& workflow, const std::vector<int>& stages, const GlobalOptions& options) {
  const SystemClock clock;
  const std::vector<std::string> environment = process_environment();
  const SecretSet secrets = workflow_secrets(workflow, environment);
  Console console(options, secrets);
  ProcessBackendOptions backend_options;
  backend_options.own_process = true;
  auto backend = ProcessBackend::create(std::move(backend_options), clock);
  if (!backend) {
    return console.refuse(backend.error());
  }
  const HooksCheck check = check_stage_hooks(workflow, stages, {environment, **backend, clock});
  if (check.signal != 0) {
    console.tell("interrupted: not all hooks were looked at");
    return static_cast<int>(check.signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated);
  }
  tell(workflow, check, options, console);
  if (options.json) {
    console.document(hooks_document(workflow, check, secrets));
  }
  return console.finish(check.refuses() ? static_cast<int>(ExitCode::hook_refused) : 0);
}

int run(const HooksOptions& asked, const Workflow& workflow, const GlobalOptions& options) {
  const auto stages = chosen_stages(workflow, asked.stages);
  if (!stages) {
    return Console(options).refuse(stages.error());
  }
  return run_watched([&](const WatcherLink&) { return check(workflow, *stages, options); },
                     [](const std::string&, int) {});
}

}  // namespace

Command hooks_command() {
  const auto asked = std::make_shared<HooksOptions>();
  Command command;
  command.name = "hooks";
  command.summary = "Check alone what hooks ask for before stages start";
  command.positional = "[STAGE...]";
  command.arguments = &asked->stages;
  command.takes_json = true;
  command.run = [asked](const GlobalOptions& options) {
    return with_workflow(options,
                         [&](const Workflow& workflow) { return run(*asked, workflow, options); });
  };
  return command;
}

}  // namespace headway::cli
