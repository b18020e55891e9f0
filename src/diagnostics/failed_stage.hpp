// FailedStage: the stage that an explanation is about: its log, its facts, and the log of the last
// run in which it passed. Reads the records of runs; explains nothing.
#pragma once

#include "diagnostics/failure_facts.hpp"
#include "headway/result.hpp"
#include "record/run_folder.hpp"
#include "record/run_state.hpp"

#include <string>
#include <string_view>

namespace headway {

// Paths are absolute.
struct FailedStage {
  std::string run_id;
  std::string key;
  int attempt = 1;
  std::string log;  // empty: it was never started
  FailureFacts facts;
  std::string passing_log;  // empty: none is kept
};

// Runs looked back for a green log of the same stage.
inline constexpr int kRunsLookedBack = 50;

// What the record says of a stage that failed.
FailureFacts facts_of(const StageState& stage);

// All of it for a stage that failed in the run of that id. Looks for the green log.
FailedStage failed_stage_of(const StateFolder& state,
                            const std::string& run_id,
                            const StageState& stage);

// The stage `key` where it failed, or, with no key, the stage that failed first: in the run that
// `run` names; with no run in the newest that has such a failure, within kRunsLookedBack. Errors:
// not_found (no such run, or nothing failed in it), io.
Result<FailedStage> find_failed_stage(const StateFolder& state,
                                      std::string_view run,
                                      std::string_view key = {});

}  // namespace headway
