// What a `run` string becomes: `sh -e -c TEXT`, or the words themselves where that is provably the
// same. Pure: starts nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The words of a command that a POSIX shell would run exactly so: no shell character outside quotes
// that it understands, no builtin, keyword, assignment or alias, no glob, tilde or expansion, one
// line. Nothing where that is not certain.
std::optional<std::vector<std::string>> simple_command(std::string_view script);

// argv for a script: the words above, else {"/bin/sh", "-e", "-c", script}.
std::vector<std::string> script_argv(std::string_view script);

}  // namespace headway
