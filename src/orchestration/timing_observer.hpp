// TimingObserver: the fold of a run's events into its timing history, through the public
// TimingTracker. Knows no SQLite.
#pragma once

#include "headway/timing.hpp"
#include "model/run_event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headway {

// Saves when the run finishes. A history that cannot be written is trouble in words, never a
// failure.
class TimingObserver final : public RunObserver {
 public:
  explicit TimingObserver(std::string history_path);

  void on_event(const RunEvent& event) override;

  // Why the run is not in the history, or empty.
  const std::string& trouble() const noexcept { return trouble_; }

 private:
  void on(const RunStarted& body, const RunEvent& event);
  void on(const StageFinished& body, const RunEvent& event);
  void on(const RunFinished& body, const RunEvent& event);

  std::string history_path_;
  std::optional<TimingTracker> tracker_;
  PlannedStages stages_;
  std::string trouble_;
};

}  // namespace headway
