// `headway validate`: every mistake in the workflow file. Runs nothing.
#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/project.hpp"
#include "cli/terminal/text_layout.hpp"
#include "model/order_check.hpp"
#include "orchestration/orchestrator.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway::cli {
namespace {

void write_problems(JsonWriter& json, std::string_view name, const std::vector<Problem>& problems) {
  json.key(name).begin_array();
  for (const Problem& problem : problems) {
    json.begin_object().field("file", problem.file);
    json.key("line");
    problem.at.line > 0 ? json.number(std::int64_t{problem.at.line}) : json.null();
    json.key("column");
    problem.at.column > 0 ? json.number(std::int64_t{problem.at.column}) : json.null();
    json.field("message", problem.message).key("suggestion");
    problem.suggestion.empty() ? json.null() : json.string(problem.suggestion);
    json.end_object();
  }
  json.end_array();
}

std::string problems_document(const std::vector<Problem>& problems,
                              const std::vector<Problem>& warnings) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("format", 1).field("valid", problems.empty());
  write_problems(json, "problems", problems);
  write_problems(json, "warnings", warnings);
  json.end_object();
  return text;
}

// The problems of the file; one that cannot be found or read is a problem too.
LoadedWorkflow load(const GlobalOptions& options) {
  LoadedWorkflow loaded;
  const auto refused = [&](std::string file, const Error& error) {
    const std::string next = error.next_step.empty() ? "" : "; " + error.next_step;
    loaded.problems.push_back({.file = std::move(file), .at = {}, .message = error.message + next});
    return std::move(loaded);
  };
  const auto project = find_project(options, true);
  if (!project) {
    const std::string name = options.file.empty() ? "headway.yaml" : options.file;
    return refused(short_path(absolute_path(options.start, name)), project.error());
  }
  const std::string file = short_path(project->file);
  auto read = load_workflow(file);
  return read ? std::move(*read) : refused(file, read.error());
}

int run(const GlobalOptions& options) {
  Console console(options);
  const LoadedWorkflow loaded = load(options);
  std::string text;
  for (const Problem& problem : loaded.problems) {
    text += printable(to_string(problem)) + "\n";
  }
  const Workflow& workflow = loaded.workflow;
  const auto warnings = loaded.valid() ? unordered_reads(workflow) : std::vector<Problem>{};
  for (const Problem& problem : warnings) {
    text += "warning: " + printable(to_string(problem)) + "\n";
  }
  console.say_always(text);
  if (loaded.valid()) {
    console.say(fmt::format("{}: {}, {}, no mistakes\n",
                            short_path(workflow.file),
                            count_of(static_cast<int>(workflow.stages.size()), "stage"),
                            count_of(static_cast<int>(workflow.lanes.size()), "lane")));
  } else {
    console.say(fmt::format("{}\n", count_of(static_cast<int>(loaded.problems.size()), "mistake")));
  }
  if (options.verbose > 0) {
    for (const Stage& stage : workflow.stages) {
      console.say(fmt::format("  stage {} at line {}\n", stage.key, stage.at.line));
    }
  }
  if (options.json) {
    console.document(problems_document(loaded.problems, warnings));
  }
  return console.finish(loaded.valid() ? 0 : static_cast<int>(ExitCode::usage));
}

}  // namespace

Command validate_command() {
  Command command;
  command.name = "validate";
  command.summary = "Report every mistake in the workflow file";
  command.takes_json = true;
  command.run = run;
  return command;
}

}  // namespace headway::cli
