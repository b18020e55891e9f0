// The explicit targets of a Makefile. Pure: it reads text as it stands, expands no variable and
// follows no include.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// A rule's target. A name that comes twice has the lines of all its recipes.
struct MakeTarget {
  std::string name;
  std::string recipe;  // its command lines, as written
};

// Targets of plain names, in the order of the file, without special ones (.PHONY), patterns and
// variables.
std::vector<MakeTarget> make_targets(std::string_view makefile);

}  // namespace headway::cli
