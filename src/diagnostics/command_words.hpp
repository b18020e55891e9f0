// Which programs a stage's command starts, as far as its text tells without running it. Pure; looks
// at no file. What it is not sure of it says, or leaves out.
#pragma once

#include "model/workflow.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// One program that a command starts.
struct CommandWord {
  std::string program;  // as written: "git", "./scripts/setup.sh"
  // The literal words after it, up to the first that is none.
  std::vector<std::string> arguments;
  // The command cannot succeed without it: it stands in no branch, loop, function or case, is not
  // guarded by `||`, `if` or `command -v`, and nothing before it changed what programs there are
  // (PATH, `source`, `set +e`).
  bool is_certain = true;
  bool is_moved = false;  // after a `cd`: relative paths are not known

  bool operator==(const CommandWord&) const = default;
};

// In the order of the text, builtins and reserved words of shells left out. Grammar: POSIX.1-2017,
// Shell Command Language.
std::vector<CommandWord> programs_of_script(std::string_view script);
// The same of a stage's command; a list of words is one program.
std::vector<CommandWord> programs_of(const StageCommand& command);

}  // namespace headway
