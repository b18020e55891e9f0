// `when`: which stages of a plan need not run because their condition does not hold. Starts
// nothing.
#pragma once

#include "orchestration/run_plan.hpp"

#include <functional>
#include <string>
#include <vector>

namespace headway {

// The files that the change touches.
struct ChangedPaths {
  std::vector<std::string> paths{};  // relative to the workflow file's folder
  std::string unknown{};             // why everything counts as changed, or empty
};

// What conditions are asked about.
struct ConditionFacts {
  const std::vector<std::string>& environment;  // "NAME=value" of this process
  std::function<ChangedPaths()> changed;        // asked once, where a condition wants to know
};

// Fills plan.unmet. Why everything counts as changed, in words, where that mattered; else "".
std::string apply_conditions(RunPlan& plan, const ConditionFacts& facts);

}  // namespace headway
