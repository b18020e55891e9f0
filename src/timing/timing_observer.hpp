// TimingObserver: the fold of a run's events into its timing history, through the public
// TimingTracker. Knows no SQLite.
#pragma once

#include "base/clock.hpp"
#include "base/secrets.hpp"
#include "headway/timing.hpp"
#include "model/run_event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headway {

// Saves when the run finishes. Its times are those of the events, so that a run read back from its
// record leaves the same rows as the run itself did. A history that cannot be written is trouble in
// words, never a failure.
class TimingObserver final : public RunObserver {
 public:
  // Free text (names of stages, the id of a change) is masked; keys are not.
  explicit TimingObserver(std::string history_path, SecretSet secrets = {});

  void on_event(const RunEvent& event) override;
  TimingObserver(const TimingObserver&) = delete;  // the tracker holds the clock
  TimingObserver& operator=(const TimingObserver&) = delete;

  // Why the run is not in the history, or empty.
  const std::string& trouble() const noexcept { return trouble_; }

 private:
  // The time of the event that is being told.
  class EventClock final : public Clock {
   public:
    WallTime wall() const override { return wall_; }
    Nanos monotonic() const override { return elapsed_; }
    void set(const RunEvent& event) noexcept {
      wall_ = event.time;
      elapsed_ = event.elapsed;
    }

   private:
    WallTime wall_{};
    Nanos elapsed_{};
  };

  void on(const RunStarted& body, const RunEvent& event);
  void on(const StageFinished& body, const RunEvent& event);
  void on(const StageSkipped& body);
  void on(const GateChecked& body);
  void on(const RunFinished& body, const RunEvent& event);

  std::string history_path_;
  SecretSet secrets_;
  EventClock clock_;
  std::optional<TimingTracker> tracker_;
  PlannedStages stages_;
  int up_to_date_ = 0;  // stages that need not run
  int skipped_ = 0;     // others that did not
  std::string trouble_;
};

}  // namespace headway
