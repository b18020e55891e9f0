// Which file a program name means: the search that a shell does in PATH.
// Starts nothing; remembers nothing, so a program that a stage has just made is found.
#pragma once

#include "headway/result.hpp"

#include <string>
#include <string_view>

namespace headway {

// Where a search looks.
struct ProgramSearch {
  std::string_view path;       // the child's PATH; empty pieces mean `directory`
  std::string_view directory;  // absolute; what relative pieces are relative to
};

// What a shell searches where PATH is not set at all.
inline constexpr std::string_view kDefaultPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// The first executable regular file of that name in PATH; a name with a slash is itself, unchecked
// (it means a file below the child's directory). Errors: not_found names the program and the PATH;
// io where there are only files that may not be executed.
Result<std::string> find_program(const std::string& name, const ProgramSearch& search);

}  // namespace headway
