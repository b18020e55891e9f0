// The commands of the contract that are not built yet, so that they are refused by name.
// Knows nothing of what they will do.
#include "cli/commands/commands.hpp"

namespace headway::cli {

std::vector<Command> missing_commands() {
  std::vector<Command> commands;
  for (const char* name : {"serve"}) {
    Command command;
    command.name = name;
    commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace headway::cli
