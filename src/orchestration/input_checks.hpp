// InputChecks: StageInputs beside a run, on a thread of its own, so that the run goes on while
// inputs are read. Sees what happens by events; decides nothing about the run.
#pragma once

#include "model/run_event.hpp"
#include "orchestration/run_plan.hpp"
#include "orchestration/stage_inputs.hpp"

#include <memory>
#include <string>
#include <vector>

namespace headway {

// Looks at a stage that declares inputs, and saves the paths of its checkpoint, when all it needs
// is done (StageReady), and remembers it when it has succeeded (StageFinished). Looks come before
// remembering. The thread begins with the first work; where none can be had, the work is done by
// who asks for it. All calls from the run's thread.
class InputChecks final : public RunObserver {
 public:
  // `plan` must outlive this.
  explicit InputChecks(const RunPlan& plan);
  // What is still to be remembered is dropped; finish() waits for it.
  ~InputChecks() override;
  InputChecks(const InputChecks&) = delete;
  InputChecks& operator=(const InputChecks&) = delete;

  void on_event(const RunEvent& event) override;
  // Whether the stage declares inputs or a checkpoint.
  bool covers(int task) const;
  // The verdict is to be had once more, for the one that there is has grown old.
  void look_again(int task);
  // Verdicts were asked for that have not come.
  bool is_waiting() const noexcept;
  // The stages whose verdict has come since the last call; waits for one that was asked for, at
  // most `patience`.
  std::vector<int> news(Nanos patience);
  // Of a stage that news() told.
  const InputVerdict& verdict(int task) const;
  // What is asked for and not done is not done any more.
  void drop();
  // Waits until all is remembered and writes the cache. What people should know, a line each.
  std::vector<std::string> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headway
