// StageHooks: the hooks of a run's stages, when a stage has its turn and before it is started. They
// are looked at beside each other and beside the run. Decides nothing about the run.
#pragma once

#include "diagnostics/hook_round.hpp"
#include "orchestration/event_emitter.hpp"
#include "orchestration/run_plan.hpp"
#include "orchestration/stage_launch.hpp"
#include "orchestration/stage_runs.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace headway {

// A stage whose hooks were looked at.
struct HookedStage {
  StageOrder order;
  std::string refusal;  // why it may not start, in words; empty: it may, or it was stopped
};

// What `run` of a hook starts in that place, or nothing for other hooks.
std::vector<HookQuestion> hook_questions(const Stage& stage,
                                         const std::string& directory,
                                         const std::vector<std::string>& environment);

// What came of a hook, as an event. `forced`: it is no refusal.
HookChecked hook_event(const Hook& hook, int number, HookFinding finding, bool forced);

// Of one run. All calls from the run's thread. All that it is given must outlive it.
class StageHooks {
 public:
  StageHooks(const RunPlan& plan, StageLaunches& launches, EventEmitter& emitter);

  // Whether hooks stand before that attempt.
  bool cover(const StageOrder& order) const;
  void begin(const StageOrder& order);
  bool is_checking(int task) const { return rounds_.count(task) > 0; }
  // The stage was told to end: its commands are killed, news() tells it soon.
  void stop(int task);
  bool is_waiting() const noexcept { return !rounds_.empty(); }
  // Those that are through; waits for one at most `patience`. What was found is told as events.
  std::vector<HookedStage> news(Nanos patience);

 private:
  struct Round {
    StageOrder order;
    std::unique_ptr<HookRound> round;
    bool is_stopped = false;
  };

  HookedStage tell(const Round& round);

  const RunPlan& plan_;
  StageLaunches& launches_;
  EventEmitter& emitter_;
  std::map<int, Round> rounds_;  // by task
};

}  // namespace headway
