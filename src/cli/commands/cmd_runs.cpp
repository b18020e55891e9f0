// `headway runs`: recent runs, newest first. Changes no run.
#include "base/json_writer.hpp"
#include "base/units.hpp"
#include "base/uuid.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/terminal/text_table.hpp"
#include "cli/text/run_text.hpp"
#include "orchestration/orchestrator.hpp"
#include "record/run_document.hpp"
#include "record/run_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <memory>

namespace headway::cli {
namespace {

constexpr int kDefaultLimit = 20;

struct RunsOptions {
  std::string limit;
};

// Readable runs, newest first; one whose record cannot be read is told and left out.
std::vector<RunState> read_runs(const StateFolder& state, std::size_t limit, Console& console) {
  std::vector<RunState> runs;
  for (const std::string& run_id : list_runs(state)) {
    if (runs.size() == limit) {
      break;
    }
    auto run = read_run(RunFolder{state.run(run_id)});
    if (run) {
      runs.push_back(std::move(*run));
    } else {
      console.tell(run.error());
    }
  }
  return runs;
}

const StageState* first_failure(const RunState& run) {
  return run.first_failure ? &run.stages[static_cast<std::size_t>(*run.first_failure)] : nullptr;
}

std::string runs_document(const std::vector<RunState>& runs) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).key("runs").begin_array();
  for (const RunState& run : runs) {
    json.begin_object().field_token("run_id", run.run_id).field("workflow", run.start.workflow);
    json.field("lane", run.start.lane).field_token("status", to_string(run.status));
    json.key("exit_code");
    run.ended() ? json.number(std::int64_t{run.exit_code}) : json.null();
    json.key("started_at").time(run.started_at).key("elapsed_seconds").seconds(run.elapsed);
    json.key("first_failure");
    if (const StageState* stage = first_failure(run)) {
      json.begin_object().field_token("stage", stage->plan->key);
      json.field("explanation", explain_failure(*stage)).end_object();
    } else {
      json.null();
    }
    json.end_object();
  }
  json.end_array().end_object();
  return text;
}

std::string runs_text(const std::vector<RunState>& runs, Console& console, bool verbose) {
  TextTable table({"RUN", "STATUS", "LANE", "STARTED", ">TOOK", "*FIRST FAILURE"});
  for (const RunState& run : runs) {
    const StageState* failed = first_failure(run);
    std::string trouble = failed == nullptr
                              ? (run.status == RunStatus::completed ? "" : run.reason)
                              : fmt::format("{}: {}", failed->plan->key, failure_text(*failed));
    table.add({{verbose ? run.run_id : short_id(run.run_id), Tone::strong},
               {std::string(to_string(run.status)), tone_of(run.status)},
               {run.start.lane},
               {local_time(run.started_at)},
               {format_duration(run.elapsed)},
               {std::move(trouble), Tone::dim}});
  }
  return table.render(console.paint(), console.width());
}

int run(const RunsOptions& asked, const GlobalOptions& options) {
  Console console(options);
  int limit = kDefaultLimit;
  const std::string& text = asked.limit;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (!text.empty() && (error != std::errc{} || end != text.data() + text.size() || limit < 1)) {
    console.tell(fmt::format("'{}' is no value of '--limit': a number from 1 on", text));
    return static_cast<int>(ExitCode::usage);
  }
  const auto project = open_for_reading(options, console);
  if (!project) {
    return static_cast<int>(ExitCode::usage);
  }
  const std::vector<RunState> runs =
      read_runs(project->state, static_cast<std::size_t>(limit), console);
  if (options.quiet) {
    for (const RunState& each : runs) {
      console.say_always(each.run_id + "\n");
    }
  }
  console.say(runs.empty() ? "no runs yet\n" : runs_text(runs, console, options.verbose > 0));
  if (options.json) {
    console.document(runs_document(runs));
  }
  return console.finish(0);
}

}  // namespace

Command runs_command() {
  const auto asked = std::make_shared<RunsOptions>();
  Command command;
  command.name = "runs";
  command.summary = "List recent runs, newest first";
  command.takes_json = true;
  command.flags = {{.names = "--limit",
                    .value_name = "N",
                    .help = "how many at most (default 20)",
                    .text = &asked->limit}};
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
