// Which lane of a workflow file a change takes: by `choose`, or by the built-in rules. Pure; knows
// no git.
#pragma once

#include "headway/lanes.hpp"
#include "headway/result.hpp"
#include "model/workflow.hpp"

#include <string>
#include <string_view>

namespace headway {

// Whether the lane depends on the change at all: built-in lanes, or a lane with `choose`.
bool needs_change(const Workflow& workflow) noexcept;
// Whether the messages of commits count.
bool needs_messages(const Workflow& workflow) noexcept;

// The lane that `change` takes. Globs are relative to the workflow's folder. Of the lanes that
// match, the one listed last wins; with none, or an empty change, the default one.
LaneDecision choose_lane(const Workflow& workflow, const Change& change);

// `path` (relative to the folder above) as seen from its subfolder `folder` ("" is that folder
// itself): "../x" where it lies outside.
std::string path_from(std::string_view folder, std::string_view path);

// "3 Python files, 1 Shell file": the code in the change; empty where there is none.
std::string code_text(const Change& change);

}  // namespace headway
