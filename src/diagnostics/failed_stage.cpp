// Looking for the stage that failed: see the header.
#include "diagnostics/failed_stage.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "record/run_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace headway {
namespace {

const StageState* stage_named(const RunState& state, std::string_view key) {
  const auto found =
      std::find_if(state.stages.begin(), state.stages.end(), [key](const StageState& stage) {
        return stage.plan->key == key;
      });
  return found == state.stages.end() ? nullptr : &*found;
}

RunFolder folder_of(const StateFolder& state, const std::string& run_id) {
  return RunFolder{.path = state.run(run_id)};
}

bool has_passed(const StageState& stage) {
  return stage.status == StageStatus::completed && stage.failure == FailureKind::none;
}

// The newest log, older than `failed`'s run, of that stage when it passed.
std::string passing_log_of(const StateFolder& state, const FailedStage& failed) {
  int looked_at = 0;
  bool older = false;
  for (const std::string& run_id : list_runs(state)) {
    if (!std::exchange(older, older || run_id == failed.run_id)) {
      continue;
    }
    if (++looked_at > kRunsLookedBack) {
      break;
    }
    const auto run = read_run(folder_of(state, run_id));
    const StageState* stage = run ? stage_named(*run, failed.key) : nullptr;
    if (stage == nullptr || !has_passed(*stage) || stage->log().empty()) {
      continue;
    }
    std::string log = state.run(run_id) + "/" + stage->log();
    if (path_exists(log)) {
      return log;
    }
  }
  return "";
}

// The stage of that name if it failed, or the one that failed first; null: neither did.
const StageState* failure_in(const RunState& run, std::string_view key) {
  if (key.empty()) {
    return run.first_failure ? &run.stages[static_cast<std::size_t>(*run.first_failure)] : nullptr;
  }
  const StageState* stage = stage_named(run, key);
  return stage != nullptr && stage->status == StageStatus::failed ? stage : nullptr;
}

}  // namespace

FailedStage failed_stage_of(const StateFolder& state,
                            const std::string& run_id,
                            const StageState& stage) {
  FailedStage failed{.run_id = run_id,
                     .key = stage.plan->key,
                     .attempt = std::max(1, stage.attempts),
                     .log = stage.log().empty() ? "" : state.run(run_id) + "/" + stage.log(),
                     .facts = facts_of(stage),
                     .passing_log = {}};
  failed.passing_log = passing_log_of(state, failed);
  return failed;
}

namespace {

// `headway explain` without a stage passes over what failed and may.
Error no_failure_in(const RunState& run, const std::string& run_id) {
  Error error{.code = ErrorCode::not_found,
              .message = fmt::format("find a failure in run {}: no stage failed in it", run_id),
              .next_step = {}};
  const auto allowed = std::find_if(run.stages.begin(), run.stages.end(), [](const auto& stage) {
    return stage.status == StageStatus::failed;
  });
  if (allowed != run.stages.end()) {
    const std::string& key = allowed->plan->key;
    error.message += fmt::format(" but '{}', which may", key);
    error.next_step = fmt::format("headway explain --run {} --stage {}", run_id, shell_quote(key));
  }
  return error;
}

Result<FailedStage> in_run(const StateFolder& state,
                           const std::string& run_id,
                           std::string_view key) {
  const auto run = read_run(folder_of(state, run_id));
  if (!run) {
    return run.error();
  }
  if (const StageState* stage = failure_in(*run, key)) {
    return failed_stage_of(state, run->run_id, *stage);
  }
  if (key.empty()) {
    return no_failure_in(*run, run_id);
  }
  return Error{.code = ErrorCode::not_found,
               .message = fmt::format("find a failure of stage '{}' in run {}", key, run_id),
               .next_step = {}};
}

}  // namespace

FailureFacts facts_of(const StageState& stage) {
  FailureFacts facts;
  if (stage.failure == FailureKind::gate) {
    facts.gate = stage.reason;
    return facts;
  }
  if (stage.failure == FailureKind::hook) {
    facts.hook = stage.reason;
    return facts;
  }
  if (stage.failure == FailureKind::start_failed) {
    facts.start = stage.reason;
  }
  if (stage.has_exit_code) {
    facts.exit_code = stage.exit_code;
  }
  if (stage.signal > 0) {
    facts.signal = stage.signal;
  }
  facts.timed_out = stage.failure == FailureKind::timeout;
  facts.out_of_memory = stage.failure == FailureKind::oom;
  return facts;
}

Result<FailedStage> find_failed_stage(const StateFolder& state,
                                      std::string_view run,
                                      std::string_view key) {
  if (!run.empty()) {
    const auto run_id = resolve_run(state, run);
    return run_id ? in_run(state, *run_id, key) : run_id.error();
  }
  int looked_at = 0;
  for (const std::string& run_id : list_runs(state)) {
    if (++looked_at > kRunsLookedBack) {
      break;
    }
    const auto found = read_run(folder_of(state, run_id));
    const StageState* stage = found ? failure_in(*found, key) : nullptr;
    if (stage != nullptr) {
      return failed_stage_of(state, found->run_id, *stage);
    }
  }
  return Error{.code = ErrorCode::not_found,
               .message = key.empty() ? "find a run that failed"
                                      : fmt::format("find a run in which stage '{}' failed", key),
               .next_step = "name a log: headway explain FILE"};
}

}  // namespace headway
