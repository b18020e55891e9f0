// CommitWatch: whether a stage with `side_effects: once` left another commit than it found. A
// commit that the run itself made leaves standing what it did before. Knows no git.
#pragma once

#include "orchestration/event_emitter.hpp"
#include "orchestration/run_plan.hpp"

#include <functional>
#include <string>
#include <unordered_map>

namespace headway {

// Not synchronised; plan and emitter outlive it.
class CommitWatch {
 public:
  // `commit`: what the repository stands on just now; may be empty, then nothing is told.
  CommitWatch(const RunPlan& plan, std::function<std::string()> commit, EventEmitter& emitter)
      : plan_(plan), commit_(std::move(commit)), emitter_(emitter) {}

  // An attempt of it is about to start.
  void before(int task);
  // It has ended; tells CommitMoved.
  void after(int task);

 private:
  const RunPlan& plan_;
  std::function<std::string()> commit_;
  EventEmitter& emitter_;
  std::unordered_map<int, std::string> found_;  // by running task
};

}  // namespace headway
