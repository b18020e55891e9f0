// The text of a starter headway.yaml. Pure; knows no kind of project and writes nothing.
#pragma once

#include "cli/init/starter_part.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// The whole file. With no stage in any part: one that only greets, with commented examples. Where
// there is more than one part with stages, each id tells whose it is: `cmake_build`, `web_test`.
std::string starter_file(std::string_view name, const std::vector<StarterPart>& parts);

// A text as one YAML scalar on one line: plain where that reads the same, else in double quotes.
std::string yaml_scalar(std::string_view text);

}  // namespace headway::cli
