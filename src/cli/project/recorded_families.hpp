// The runs that a backtest is about: of a folder of WfFormat files, or of the own history.
// Estimates nothing.
#pragma once

#include "headway/result.hpp"
#include "model/workflow.hpp"
#include "timing/backtest.hpp"
#include "timing/history.hpp"

#include <string>
#include <utility>
#include <vector>

namespace headway::cli {

// Families by name, and what was left out: a file or run, and why.
struct RecordedFamilies {
  std::vector<RecordedFamily> families;
  std::vector<std::pair<std::string, std::string>> skipped;
};

// Each subfolder of `folder` is a family; files in `folder` itself are one of its name. Every file
// that ends in .json is read; one that cannot be is skipped. Errors: not_found (no such folder),
// invalid_argument (no such file in it).
Result<RecordedFamilies> read_trace_families(const std::string& folder);

// A family a lane, oldest run first: complete runs of the workflow, with the needs its stages have
// now. Errors: those of the history; an absent one is no run.
Result<RecordedFamilies> read_own_families(const std::string& history_path,
                                           const Workflow& workflow);

}  // namespace headway::cli
