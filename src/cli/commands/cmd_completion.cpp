// `headway completion`: the completion script of a shell. Knows no workflow.
#include "cli/commands/commands.hpp"
#include "cli/completion_script.hpp"
#include "cli/console.hpp"
#include "orchestration/orchestrator.hpp"

#include <memory>

namespace headway::cli {
namespace {

int run(const std::vector<std::string>& shell,
        const std::vector<Command>& table,
        const GlobalOptions& options) {
  Console console(options);
  const std::string name = shell.empty() ? "" : shell.front();
  if (name == "bash") {
    console.bytes(bash_completion(table));
  } else if (name == "zsh") {
    console.bytes(zsh_completion(table));
  } else if (name == "fish") {
    console.bytes(fish_completion(table));
  } else {
    console.tell(name.empty() ? "completion needs a shell: bash, zsh or fish"
                              : "no completion for '" + name + "': one of bash, zsh, fish");
    return static_cast<int>(ExitCode::usage);
  }
  return console.finish(0);
}

}  // namespace

Command completion_command(const std::vector<Command>& table) {
  const auto shell = std::make_shared<std::vector<std::string>>();
  Command command;
  command.name = "completion";
  command.summary = "Print the completion script of a shell";
  command.positional = "bash|zsh|fish";
  command.arguments = shell.get();
  command.max_arguments = 1;
  command.takes_verbosity = false;
  command.argument_choices = {"bash", "zsh", "fish"};
  command.run = [shell, &table](const GlobalOptions& options) {
    return run(*shell, table, options);
  };
  return command;
}

}  // namespace headway::cli
