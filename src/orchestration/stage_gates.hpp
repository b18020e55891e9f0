// StageGates: the gates of a run's stages, after the command of a stage has succeeded and before it
// is settled. Their commands run as part of the attempt, one after the other, in its slot; reports
// are read beside the run. Decides nothing about the run.
#pragma once

#include "execution/backend.hpp"
#include "orchestration/event_emitter.hpp"
#include "orchestration/run_plan.hpp"
#include "orchestration/stage_launch.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace headway {

// What it acts on; all must outlive it.
struct GatedRun {
  const RunPlan& plan;
  Backend& backend;
  StageLaunches& launches;
  EventEmitter& emitter;
};

// How an attempt ended, its gates included.
struct GatedEnd {
  Exit exit;
  std::string failure{};    // why a gate did not pass; empty: all did, or none was evaluated
  bool unfinished = false;  // it was told to end before all were evaluated
};

// Of one run. All calls from the run's thread.
class StageGates {
 public:
  explicit StageGates(GatedRun run);
  // Waits for what is being read.
  ~StageGates();
  StageGates(const StageGates&) = delete;
  StageGates& operator=(const StageGates&) = delete;

  // Whether gates follow on the command of that stage in this lane.
  bool covers(int task) const;
  // An attempt of it is about to begin: what is there of its reports is looked at, beside the run;
  // looked_at() tells when it may begin. False where there is nothing to look at.
  bool begin_look(int task);
  // The stages that were looked at since the last call; waits for one at most `patience`.
  std::vector<int> looked_at(Nanos patience);
  // The command of a stage or of a gate of it ended; `by_itself`: nobody told it to. Nothing: gates
  // are still to be evaluated, news() tells the end.
  std::optional<GatedEnd> ended(const Exit& exit, bool by_itself);
  // A report is being read.
  bool is_waiting() const noexcept;
  // What is there of one before an attempt is being looked at.
  bool is_looking() const noexcept;
  // Goes on with the stages whose reports were read; waits for one at most `patience`. Those that
  // are through come back. `is_told_to_end` says of a stage that it should not go on.
  template <typename IsToldToEnd>
  std::vector<GatedEnd> news(Nanos patience, IsToldToEnd is_told_to_end) {
    std::vector<GatedEnd> ends;
    for (const int task : read_now(patience)) {
      if (auto end = go_on(task, is_told_to_end(task))) {
        ends.push_back(*std::move(end));
      }
    }
    return ends;
  }

 private:
  std::vector<int> read_now(Nanos patience);
  std::optional<GatedEnd> go_on(int task, bool is_told_to_end);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headway
