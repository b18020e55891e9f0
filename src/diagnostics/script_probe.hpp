// Looks at scripts and at the repository around them. Judges nothing.
#pragma once

#include "diagnostics/doctor_facts.hpp"

#include <string>
#include <string_view>

namespace headway {

// Reads the first bytes of the file; `path` is the PATH in which an interpreter of "env" is looked
// for. May hang where the file system does.
ScriptFacts look_at_script(const std::string& file, std::string_view path);

// "#!/usr/bin/env -S python3 -u" of a file's head, and what it starts.
struct Shebang {
  std::string line;         // without "#!" and the end of line
  std::string interpreter;  // its path, or the name that env looks up
  bool is_looked_up = false;
  bool has_crlf = false;  // of the head, whether or not there is a shebang
};
Shebang shebang_of(std::string_view head);

// What the files of the repository around `directory` say: no git is started.
GitState look_at_repository(const std::string& directory, WallTime now);

}  // namespace headway
