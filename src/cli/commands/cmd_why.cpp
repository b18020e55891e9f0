// `headway why`: why a stage ran, waited, was skipped or ran again. Runs nothing.
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/project/chosen_run.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/text/stage_story_text.hpp"
#include "orchestration/orchestrator.hpp"
#include "record/event_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace headway::cli {
namespace {

struct WhyOptions {
  std::vector<std::string> stage;
  std::string run;
};

Error unknown_stage(const std::string& key, const StageStory& story) {
  std::vector<std::string_view> known;
  for (const StageState& stage : story.state().stages) {
    known.push_back(stage.plan->key);
  }
  for (const auto& [left, reason] : story.state().start.left_out) {
    known.push_back(left);
  }
  const auto of_matrix = std::find_if(known.begin(), known.end(), [&key](std::string_view other) {
    return other.starts_with(key + "[");
  });
  if (of_matrix != known.end()) {
    return {ErrorCode::not_found,
            fmt::format("'{}' means all stages of its matrix", key),
            fmt::format("name one of them: headway why {}", shell_quote(std::string(*of_matrix)))};
  }
  const auto nearest = nearest_name(key, known);
  return {ErrorCode::not_found,
          fmt::format("that run knows no stage '{}'{}",
                      key,
                      nearest ? fmt::format(" (did you mean '{}'?)", *nearest) : ""),
          "see `headway show` for the stages of a run"};
}

// The workflow as it stands now, for its locks; nothing where it cannot be had: mistakes in it are
// not this command's business.
std::optional<Workflow> present_workflow(const GlobalOptions& options) {
  const auto project = find_project(options, false);
  if (!project || project->file.empty()) {
    return std::nullopt;
  }
  auto loaded = load_workflow(project->file);
  return loaded && loaded->valid() ? std::optional(std::move(loaded->workflow)) : std::nullopt;
}

int tell(const std::string& key,
         const GlobalOptions& options,
         const RunFolder& folder,
         Console& console) {
  const bool alive = is_locked(folder.lock());
  StageStory story(key);
  const auto read = for_each_event(folder.events(), [&story](const RunEvent& event) {
    story.apply(event);
    return true;
  });
  if (!read) {
    return console.refuse(read.error());
  }
  if (!alive) {
    story.mark_interrupted();
  }
  const auto left_out = story.left_out();
  if (story.stage() == nullptr && !left_out) {
    return console.refuse(unknown_stage(key, story));
  }
  const auto workflow = present_workflow(options);
  const Workflow* locks = workflow ? &*workflow : nullptr;
  console.say_always(
      story.stage() != nullptr
          ? stage_story_text(story, locks, console.paint())
          : fmt::format("'{}' was not in the plan: {}\n", printable(key), printable(*left_out)));
  if (options.json) {
    console.document(stage_story_document(story, key, locks));
  }
  return console.finish(0);
}

int run(const WhyOptions& asked, const GlobalOptions& options) {
  Console console(options);
  if (asked.stage.empty()) {
    console.tell("'why' needs the key of a stage: headway why STAGE");
    return static_cast<int>(ExitCode::usage);
  }
  const auto none = [&] {
    console.say_always("no runs yet\n");
    if (options.json) {
      console.document(kNoRunDocument);
    }
    return console.finish(0);
  };
  const auto use = [&](const RunFolder& folder) {
    return tell(asked.stage.front(), options, folder, console);
  };
  const std::vector<std::string> words =
      asked.run.empty() ? std::vector<std::string>{} : std::vector<std::string>{asked.run};
  return with_chosen_run(options, console, words, {.none = none, .run = use});
}

}  // namespace

Command why_command() {
  const auto asked = std::make_shared<WhyOptions>();
  Command command;
  command.name = "why";
  command.summary = "Tell why a stage ran, waited, was skipped or ran again";
  command.positional = "STAGE";
  command.arguments = &asked->stage;
  command.max_arguments = 1;
  command.takes_json = true;
  command.flags = {{.names = "--run",
                    .value_name = "RUN",
                    .help = "in that run (default: the newest)",
                    .text = &asked->run}};
  command.run = [asked](const GlobalOptions& options) { return run(*asked, options); };
  return command;
}

}  // namespace headway::cli
