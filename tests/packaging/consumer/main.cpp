// Records a run with the installed library and reads it back: history (SQLite), logger, estimator.
#include <cstdio>
#include <headway/logging.hpp>
#include <headway/timing.hpp>

int main() {
  headway::StructuredLogger logger("consumer", ".");
  {
    headway::TimingTracker tracker("change-1", "standard", {.history = "history.db"});
    tracker.start_stage(0, "Setup");
    tracker.complete_stage();
    if (const auto saved = tracker.complete_workflow(); !saved) {
      std::printf("%s\n", saved.error().message.c_str());
      return 1;
    }
  }
  auto estimator = headway::PerformanceEstimator::open("history.db");
  if (!estimator || !estimator->get_average_stage_time(0, "standard")) {
    std::puts("the run is not in the history");
    return 1;
  }
  logger.info("done");
  std::puts("consumer ok");
}
