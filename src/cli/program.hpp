// Program: from main's arguments to an exit code. Knows the table of commands, not what they do.
#pragma once

#include <string>
#include <vector>

namespace headway::cli {

// Runs the program with these words (its own name left out); the exit code.
int run_program(const std::vector<std::string>& words);

}  // namespace headway::cli
