// Which stages of a workflow a run takes, and what each then needs: lanes leave stages out, named
// stages bring what they need, and order survives through what is left out. Pure.
#pragma once

#include "headway/result.hpp"
#include "model/selection_request.hpp"
#include "model/workflow.hpp"

#include <string>
#include <vector>

namespace headway {

// One stage that will not run, and why ("lane 'docs' leaves it out", "not asked for").
struct LeftOut {
  int stage = 0;
  std::string reason;
};

// The stages to run in file order, each with the needs that count among them: direct ones, and
// those reached through stages that are left out (each once, ascending).
struct Selection {
  const Lane* lane = nullptr;           // points into the workflow
  std::vector<int> stages;              // indices into Workflow::stages, ascending
  std::vector<std::vector<int>> needs;  // beside `stages`: positions in `stages`
  std::vector<LeftOut> left_out;
};

// The stages of that name, ascending: one, or all of a matrix. Error not_found with the nearest
// name and the list.
Result<std::vector<int>> stages_named(const Workflow& workflow, const std::string& name);

// Errors: unknown lane or stage (with the list and the nearest name), nothing left to run. `always`
// stages come along with every run of the lane, not with named stages.
Result<Selection> select_stages(const Workflow& workflow, const SelectionRequest& request);

}  // namespace headway
