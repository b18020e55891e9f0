// FailureExplainer: explains the first failure of a run while the run goes on, on a thread of its
// own. Sees what happens by events; decides nothing about the run.
#pragma once

#include "base/clock.hpp"
#include "model/run_event.hpp"
#include "record/run_folder.hpp"

#include <memory>
#include <optional>
#include <string>

namespace headway {

// Where it looks.
struct ExplainerPlaces {
  StateFolder state;               // logs and records of this run and of earlier ones
  std::string workflow_directory;  // rules of this repository lie below it
};

// Begins when a stage fails (StageFinished) and reads its log, the log of the last run in which it
// passed, and earlier failures of it. A stage that a hook refused or that was cancelled is not
// explained. Where no thread can be had, the failure is left unexplained. All calls from the run's
// thread.
class FailureExplainer final : public RunObserver {
 public:
  explicit FailureExplainer(ExplainerPlaces places);
  // Gives up what is not done, within moments.
  ~FailureExplainer() override;
  FailureExplainer(const FailureExplainer&) = delete;
  FailureExplainer& operator=(const FailureExplainer&) = delete;

  void on_event(const RunEvent& event) override;
  // The explanation, once, when it is there; waits for it at most `patience`.
  std::optional<FailureExplained> news(Nanos patience);

  // Longer lines are cut there in events.
  static constexpr std::size_t kMaxLineBytes = 600;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headway
