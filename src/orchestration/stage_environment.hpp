// StageEnvironment: the environment of each stage: Headway's own, then `env`, then the facts of the
// run. Starts nothing.
#pragma once

#include "model/workflow.hpp"
#include "orchestration/run_jobserver.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Facts that are the same for every stage of a run.
struct RunFacts {
  std::string run_id, workflow, lane, change_id, title, owner;
};

// What a stage takes over of that environment: no facts of a run around this one.
std::vector<std::string> inherited_environment(const std::vector<std::string>& environment);

// Builds environments. Facts and HEADWAY_STATE_DIR that were inherited are dropped: a nested run
// starts afresh. Not synchronised.
class StageEnvironment {
 public:
  // `inherited` is this process's, "NAME=value". `jobserver` says what becomes of MAKEFLAGS; null:
  // nothing. It must outlive this.
  StageEnvironment(const std::vector<std::string>& inherited,
                   const EnvironmentList& workflow_env,
                   const RunFacts& facts,
                   const RunJobServer* jobserver = nullptr);

  // The environment of one attempt. The reference lives until the next call. Costs a few short
  // strings where the stage has no `env` of its own.
  const std::vector<std::string>& of(const Stage& stage, int attempt);

 private:
  void tell_make_flags(std::vector<std::string>& environment,
                       const Stage& stage,
                       std::string_view existing);
  void set_facts(std::vector<std::string>& environment, const Stage& stage, int attempt) const;

  std::string run_id_;
  std::string trace_id_;  // of the trace that the run is part of, or its own
  const RunJobServer* jobserver_;
  std::string make_flags_;                       // before the jobserver is told in them
  std::optional<std::string> usual_make_flags_;  // "MAKEFLAGS=..." of a stage that asks for nothing
  std::vector<std::string>
      common_;  // inherited + workflow env + run facts, then the slots of stage facts
  std::vector<std::string> for_stage_;  // built where a stage has its own env
  std::size_t facts_at_ = 0;            // where the stage facts begin in common_
};

}  // namespace headway
