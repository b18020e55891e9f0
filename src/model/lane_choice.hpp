// LaneChoice: when a lane is taken by itself. Plain values; knows no change.
#pragma once

#include "model/threshold.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headway {

// `choose` of a lane: alternatives, of which at least one is given, and what none of them looks at.
// Globs (base/path_patterns.hpp) are relative to the workflow file's folder.
struct LaneChoice {
  std::vector<std::string> only;    // every changed file matches
  std::vector<std::string> any;     // a changed file matches
  std::optional<Threshold> files;   // number of changed files
  std::optional<Threshold> lines;   // number of added and deleted lines
  std::vector<std::string> except;  // changed files that do not count

  // Whether there is a condition.
  bool empty() const noexcept { return only.empty() && any.empty() && !files && !lines; }
};

}  // namespace headway
