// Completion scripts for the shells, made of the command table. Prints nothing.
#pragma once

#include "cli/command.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// The script for bash, zsh or fish: commands, flags, values of flags that have a list; stages and
// runs by asking `headway -q` and `headway runs -q`. Commands and flags that are not built yet are
// not offered.
std::string bash_completion(const std::vector<Command>& table);
std::string zsh_completion(const std::vector<Command>& table);
std::string fish_completion(const std::vector<Command>& table);

}  // namespace headway::cli
