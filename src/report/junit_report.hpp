// A run as JUnit XML, which every CI system shows: a test case for each stage. Pure.
#pragma once

#include "record/run_state.hpp"
#include "report/stage_detail.hpp"

#include <string>

namespace headway {

// In the form that Jenkins, GitLab and GitHub's actions read: one suite, named after workflow and
// lane; a stage that failed has `failure` (`error` where it was not the stage's own: cancelled,
// interrupted), one that did not run, or may fail and did, has `skipped` with the reason. Times in
// seconds; that of a case is from its first start to its end.
std::string junit_report(const RunState& state, const StageDetail& detail = {});

}  // namespace headway
