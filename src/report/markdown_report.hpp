// A run as GitHub-flavoured Markdown: for a pull request, a job summary, a mail. Pure.
#pragma once

#include "record/run_state.hpp"
#include "report/stage_detail.hpp"

#include <string>

namespace headway {

// How it ended, the first failure with its detail in a code block, and a table of the stages in the
// order of the plan. What stages are called or say cannot break out of the table or the block.
std::string markdown_report(const RunState& state, const StageDetail& detail = {});

}  // namespace headway
