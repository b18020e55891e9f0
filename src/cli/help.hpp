// Help texts, made of the command table. Prints nothing.
#pragma once

#include "cli/command.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// `headway --help`: what there is, and by name what is not built yet.
std::string program_help(const std::vector<Command>& table);
// `headway CMD --help`.
std::string command_help(const Command& command);

}  // namespace headway::cli
