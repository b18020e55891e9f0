// From the words of the command line to a command and its options. The only file that knows CLI11.
// Prints nothing, runs nothing.
#pragma once

#include "cli/command.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// What the command line asks for.
struct ParsedArguments {
  enum class Kind { run, help, version, usage_error };
  Kind kind = Kind::run;
  const Command* command = nullptr;  // run, help: which one (the root: name ""); points into the
                                     // table
  GlobalOptions options;             // directory to json as given; settings and terminal untouched
  bool color_given = false;          // --color was there: stronger than HEADWAY_COLOR
  std::string message{};             // usage_error: "'--junit' is not built yet"
};

// The flags that stand everywhere, for help and completion. They have no targets: the parser itself
// understands them.
const std::vector<Flag>& global_flags();
// Those of them that do something for that command.
std::vector<Flag> global_flags_of(const Command& command);

// Parses `words` (without the program's name) by a table whose first command is the root (name
// ""). Fills the targets of the flags and positionals of the command that was chosen. Global flags
// may stand before and after the command. The first mistake counts; the nearest name is told.
ParsedArguments parse_arguments(const std::vector<std::string>& words,
                                const std::vector<Command>& table);

}  // namespace headway::cli
