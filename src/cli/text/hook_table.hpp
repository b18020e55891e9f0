// Hooks in words: what was found before stages, and what to do. Knows no stream.
#pragma once

#include "cli/terminal/paint.hpp"
#include "record/run_state.hpp"

#include <string>
#include <utility>
#include <vector>

namespace headway::cli {

// A hook with the key of its stage.
using StageHook = std::pair<std::string, HookChecked>;

// A line each, and a hint below those that did not pass; `all`: also those that passed. Empty where
// there is nothing to tell.
std::string hook_table(const std::vector<StageHook>& hooks,
                       const Paint& paint,
                       bool all,
                       int width);
// Of a run.
std::string hook_table(const RunState& state, const Paint& paint, bool all, int width);

}  // namespace headway::cli
