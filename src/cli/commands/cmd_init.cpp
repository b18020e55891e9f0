// `headway init`: a starter file from what the repository is, or a template. Runs nothing and
// overwrites nothing.
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/console.hpp"
#include "cli/init/new_files.hpp"
#include "cli/init/starter_file.hpp"
#include "cli/init/template_files.hpp"
#include "cli/project/project.hpp"
#include "cli/terminal/text_layout.hpp"
#include "orchestration/orchestrator.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

namespace headway::cli {
namespace {

// A file in a folder above would no longer be found from here.
void tell_of_one_above(const std::string& file, Console& console) {
  const auto parent = std::filesystem::path(file).parent_path().parent_path().string();
  if (const auto above = find_workflow_file(parent); above && *above != file) {
    console.tell(fmt::format("{} stands above: from here, {} now counts",
                             printable(short_path(*above)),
                             printable(short_path(file))));
  }
}

std::string ids_of(const Workflow& workflow) {
  std::vector<std::string> ids;
  for (const Stage& stage : workflow.stages) {
    ids.push_back(stage.key);
  }
  return join(ids, ", ");
}

// What was found, and what was left out of it.
std::string found_text(const std::vector<StarterPart>& parts) {
  std::string text;
  for (const StarterPart& part : parts) {
    const std::string folder = part.folder.empty() ? "" : part.folder + "/";
    text += fmt::format("  found {} ({})\n", part.kind, printable(folder + part.evidence));
    for (const std::string& note : part.notes) {
      text += fmt::format("    {}\n", printable(note));
    }
  }
  return text.empty() ? "  found nothing known here: a file to fill in\n" : text;
}

int write_starter(const std::string& file, const GlobalOptions& options, Console& console) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  const std::vector<StarterPart> parts = starter_parts(read_source_folder(folder.string()));
  const auto created = create_files({{file, starter_file(folder.filename().string(), parts)}});
  if (!created) {
    return console.refuse(created.error());
  }
  const auto workflow =
      load_checked({.file = file, .directory = folder.string(), .state = {}}, console);
  if (!workflow) {
    return static_cast<int>(ExitCode::usage);
  }
  const std::string program = program_words(options);
  console.say(fmt::format("wrote {} with {}: {}\n{}next: {} plan, then {} run\n",
                          printable(short_path(file)),
                          count_of(static_cast<long long>(workflow->stages.size()), "stage"),
                          ids_of(*workflow),
                          found_text(parts),
                          program,
                          program));
  tell_of_one_above(file, console);
  return console.finish(0);
}

int write_template(const std::string& file,
                   const std::string& name,
                   const GlobalOptions& options,
                   Console& console) {
  const std::vector<NewFile> files = template_files(name, file);
  if (const auto created = create_files(files); !created) {
    return console.refuse(created.error());
  }
  const std::string folder = std::filesystem::path(file).parent_path().string();
  std::string text;
  for (const NewFile& made : files) {
    text += fmt::format("  {}\n", printable(short_path(made.path)));
  }
  console.say(
      fmt::format("wrote {}:\n{}next: read {}; commit these files, make a branch, then {} run "
                  "--title \"...\"\n",
                  count_of(static_cast<long long>(files.size()), "file"),
                  text,
                  printable(short_path(folder + "/process/README.md")),
                  program_words(options)));
  tell_of_one_above(file, console);
  return console.finish(0);
}

int run(const std::string& template_name, const GlobalOptions& options) {
  Console console(options);
  const std::string name = options.file.empty() ? "headway.yaml" : options.file;
  const std::string file = absolute_path(options.start, name);
  return template_name.empty() ? write_starter(file, options, console)
                               : write_template(file, template_name, options, console);
}

}  // namespace

Command init_command() {
  const auto name = std::make_shared<std::string>();
  Command command;
  command.name = "init";
  command.summary = "Write a starter headway.yaml from what the repository is, or a template";
  command.takes_verbosity = true;
  command.flags = {{.names = "--template",
                    .value_name = "NAME",
                    .help = "a whole process instead: change, from proposal to pull request",
                    .text = name.get(),
                    .choices = template_names()}};
  command.run = [name](const GlobalOptions& options) { return run(*name, options); };
  return command;
}

}  // namespace headway::cli
