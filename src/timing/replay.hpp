// Replay: the real scheduler over a virtual clock. The answer to "how long will it take" and "how
// long is left". Starts nothing, reads no clock.
#pragma once

#include "model/run_event.hpp"
#include "scheduling/scheduler.hpp"
#include "timing/duration_model.hpp"

#include <optional>
#include <span>
#include <vector>

namespace headway {

// Where each task stands when the replay begins.
struct ReplayTask {
  enum class State { waiting, running, done };
  State state = State::waiting;
  Nanos running_for{};  // of a running task
  Nanos took{};         // of a task done in this run, 0: not known. Says how fast today is
};

// What is replayed: the same graph, needs and limits that the run itself uses.
struct ReplayInput {
  CsrGraph graph;
  TaskNeedsList needs;
  SchedulerLimits limits;
  std::vector<ReplayTask> tasks;  // empty: nothing has started
};

// One replay with these durations (seconds, of the whole task; a running one has what is left of
// it, never negative): the makespan from now. `finish_at`, where given, receives when each task
// ends, from now.
Nanos replay_once(const ReplayInput& input,
                  std::span<const double> durations,
                  std::vector<Nanos>* finish_at = nullptr);

// Median and 10-90 % interval over `replays` draws from the model (deterministic: same input, same
// answer). `keys` by task. With an empty model: confidence 0 and zeros. A running task draws among
// its samples longer than it already runs (residual life). Tasks of one key that are not done share
// part of their luck, and all of a replay share the day's: else many tasks would look far surer
// than they are. Confidence is runs / (runs + 1), less the share of tasks that were never seen.
RemainingEstimate estimate_remaining(const ReplayInput& input,
                                     const std::vector<std::string_view>& keys,
                                     const DurationModel& model,
                                     int replays);

}  // namespace headway
