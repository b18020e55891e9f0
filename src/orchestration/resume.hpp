// Going on with an earlier run: what of it still holds. Starts nothing, reads no file.
#pragma once

#include "headway/result.hpp"
#include "orchestration/run_plan.hpp"
#include "record/run_state.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// By position in the plan of that run: whether the stage had finished when the run ended, in it or
// in the run that it went on with itself. Such a one does not count where a stage it needs ran
// again.
std::vector<bool> finished_stages(const RunState& earlier);

// The stages of that run with `side_effects: once` that began, in it or before it, and of which
// nobody knows what they have done: go_on_from() refuses them. In the order of the plan.
std::vector<std::string> stages_in_doubt(const RunState& earlier);

// The stages that were asked for then; `lane` is the one that was taken.
SelectionRequest selection_of(const RunState& earlier);

// Makes the plan go on where that run stopped: a stage that finished there stays finished where its
// definition, its variables and the commit are what they were; one that declares inputs where it is
// up to date; one with `side_effects: once` always, without --force. `commit` is that of now.
// Errors: invalid_argument where a stage with side effects began there and did not finish, or the
// run is of another workflow.
Result<void> go_on_from(RunPlan& plan, const RunState& earlier, const std::string& commit);

// Whether any stage would run. After go_on_from() and look_at_inputs().
bool is_anything_left(const RunPlan& plan);

// "finished in run 1a2b3c4d".
std::string finished_text(const RunPlan& plan);

}  // namespace headway
