// `headway`: the stages and lanes of the workflow file, with typical durations. Runs nothing.
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/project.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/terminal/text_table.hpp"
#include "orchestration/orchestrator.hpp"
#include "orchestration/session.hpp"
#include "timing/duration_model.hpp"
#include "timing/history_rebuild.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

namespace headway::cli {
namespace {

constexpr int kSamples = 20;  // of a stage, newest first: what "typical" means

using Medians = std::map<std::string, double, std::less<>>;

Result<void> add_medians(const History& history,
                         const std::string& workflow,
                         const Lane& lane,
                         Medians& medians) {
  const auto samples = history.samples(workflow, lane.key, kSamples);
  if (!samples) {
    return samples.error();
  }
  const DurationModel model(*samples);
  for (const auto& [key, unused] : *samples) {
    if (const StageDistribution& seen = model.of(key); seen.samples > 0) {
      medians.emplace(key, seen.median);
    }
  }
  return {};
}

// Of every stage that history knows: in the default lane, else in the first lane that has it. An
// unreadable history is told and taken for an empty one.
Medians read_medians(const Workflow& workflow, const StateFolder& state, Console& console) {
  Medians medians;
  std::string notice;
  const auto read = read_history(state, notice, [&](const History& history) {
    medians.clear();
    auto added = add_medians(history, workflow.name, workflow.default_lane(), medians);
    for (const Lane& lane : workflow.lanes) {
      added = added ? add_medians(history, workflow.name, lane, medians) : added;
    }
    return added;
  });
  if (!notice.empty()) {
    console.tell("history: " + notice);
  }
  if (!read && read.error().code != ErrorCode::not_found) {
    console.tell(read.error());
  }
  return medians;
}

std::optional<double> median_of(const Medians& medians, const std::string& key) {
  const auto found = medians.find(key);
  return found == medians.end() ? std::nullopt : std::optional<double>(found->second);
}

std::vector<std::string> keys_of(const Workflow& workflow, const std::vector<int>& stages) {
  std::vector<std::string> keys;
  keys.reserve(stages.size());
  for (const int stage : stages) {
    keys.push_back(workflow.stages[static_cast<std::size_t>(stage)].key);
  }
  return keys;
}

void write_keys(JsonWriter& json, std::string_view name, const std::vector<std::string>& keys) {
  json.key(name).begin_array();
  for (const std::string& key : keys) {
    json.token(key);
  }
  json.end_array();
}

std::string list_document(const Workflow& workflow,
                          const Medians& medians,
                          const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  json.begin_object().field("format", 1).field("workflow", workflow.name);
  json.key("stages").begin_array();
  for (const Stage& stage : workflow.stages) {
    json.begin_object().field_token("key", stage.key).field("stage_id", stage.stage_id);
    json.field("name", stage.name);
    write_keys(json, "needs", keys_of(workflow, stage.needs));
    const auto median = median_of(medians, stage.key);
    json.key("median_seconds");
    median ? json.number(*median) : json.null();
    json.end_object();
  }
  json.end_array().key("lanes").begin_array();
  for (const Lane& lane : workflow.lanes) {
    json.begin_object().field_token("lane", lane.key).field("description", lane.description);
    json.field("default", &lane == &workflow.default_lane()).key("sla_seconds");
    lane.sla ? json.seconds(*lane.sla) : json.null();
    write_keys(json, "stages", keys_of(workflow, lane.stages));
    json.end_object();
  }
  json.end_array().end_object();
  return text;
}

std::string duration_text(std::optional<double> seconds) {
  return seconds ? format_duration(std::chrono::duration_cast<Nanos>(Seconds(*seconds))) : "";
}

std::string stages_text(const Workflow& workflow, const Medians& medians, Console& console) {
  TextTable table({">", "STAGE", "*NAME", ">TYPICAL", "*NEEDS"});
  for (const Stage& stage : workflow.stages) {
    std::string name = stage.name == stage.key ? "" : stage.name;
    table.add({{std::to_string(stage.stage_id), Tone::dim},
               {stage.key, Tone::strong},
               {std::move(name)},
               {duration_text(median_of(medians, stage.key))},
               {join(keys_of(workflow, stage.needs), ", "), Tone::dim}});
  }
  return table.render(console.paint(), console.width());
}

std::string lanes_text(const Workflow& workflow, Console& console) {
  TextTable table({"LANE", ">STAGES", ">SLA", "*DESCRIPTION"});
  for (const Lane& lane : workflow.lanes) {
    const bool is_default = &lane == &workflow.default_lane();
    std::string about = is_default ? "(default) " + lane.description : lane.description;
    table.add({{lane.key, Tone::strong},
               {std::to_string(lane.stages.size())},
               {lane.sla ? format_duration(*lane.sla) : ""},
               {std::move(about), Tone::dim}});
  }
  return table.render(console.paint(), console.width());
}

// -v: what each stage runs.
std::string commands_text(const Workflow& workflow, Console& console) {
  TextTable table({"STAGE", "*RUNS"});
  for (const Stage& stage : workflow.stages) {
    std::vector<std::string> words;
    for (const std::string& word : stage.run.argv) {
      words.push_back(shell_quote(word));
    }
    table.add({{stage.key, Tone::strong},
               {stage.run.is_script() ? std::string(trim(stage.run.script)) : join(words, " ")}});
  }
  return table.render(console.paint(), console.width());
}

int run(const GlobalOptions& options) {
  Console errors(options);
  const auto project = find_project(options, true);
  if (!project) {
    errors.tell(project.error());
    return static_cast<int>(ExitCode::usage);
  }
  const std::optional<Workflow> workflow = load_checked(*project, errors);
  if (!workflow) {
    return static_cast<int>(ExitCode::usage);
  }
  const SecretSet secrets = workflow_secrets(*workflow, process_environment());
  Console console(options, secrets);
  if (options.quiet) {
    for (const Stage& stage : workflow->stages) {
      console.say_always(stage.key + "\n");
    }
  }
  if (options.quiet && !options.json) {
    return console.finish(0);  // (what completes words in a shell: no history is read for it)
  }
  const Medians medians = read_medians(*workflow, project->state, console);
  console.say(fmt::format("{}: workflow '{}'\n\n{}\n{}",
                          short_path(project->file),
                          printable(workflow->name),
                          stages_text(*workflow, medians, console),
                          lanes_text(*workflow, console)));
  if (options.verbose > 0) {
    console.say("\n" + commands_text(*workflow, console));
  }
  if (options.json) {
    console.document(list_document(*workflow, medians, secrets));
  }
  return console.finish(0);
}

}  // namespace

Command list_command() {
  Command command;
  command.summary = "List the stages and lanes, with typical durations";
  command.takes_json = true;
  command.run = run;
  return command;
}

}  // namespace headway::cli
