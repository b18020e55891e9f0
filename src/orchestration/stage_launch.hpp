// StageLaunches: what is to be started for an attempt of a stage: program, directory, environment,
// log, descriptors. Starts nothing.
#pragma once

#include "execution/backend.hpp"
#include "orchestration/run_jobserver.hpp"
#include "orchestration/run_plan.hpp"
#include "orchestration/stage_environment.hpp"
#include "orchestration/stage_runs.hpp"

#include <string>
#include <vector>

namespace headway {

// The stages of a plan, for the books of its run. `plan` must outlive what comes back.
StageList stage_list(const RunPlan& plan);

// Where a run runs.
struct LaunchPlace {
  std::string_view run_id;
  std::string run_folder;                       // stage logs lie below it
  const std::vector<std::string>& environment;  // "NAME=value" that stages inherit
};

// Of one run. Not synchronised.
class StageLaunches {
 public:
  // `plan` and `jobserver` (may be null) must outlive this.
  StageLaunches(const RunPlan& plan, const LaunchPlace& place, const RunJobServer* jobserver);

  // The environment it points to lives until the next call.
  Launch of(int task, int attempt);
  // A command of a gate of that stage, after that attempt of it: as the stage itself, but in the
  // folder of the workflow file.
  Launch of_gate(int task, int attempt, const Gate& gate);
  // Where its output goes, relative to the run's folder; "": nowhere.
  std::string log_of(const Launch& launch) const;

 private:
  const RunPlan& plan_;
  const RunJobServer* jobserver_;
  std::string run_folder_;
  StageEnvironment environment_;
};

}  // namespace headway
