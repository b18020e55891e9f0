// Replay: the real scheduler over a virtual clock. The answer to "how long will it take" and "how
// long is left". Starts nothing, reads no clock.
#pragma once

#include "base/clock.hpp"
#include "scheduling/scheduler.hpp"

#include <memory>
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

// One graph, replayed many times: the scheduler as it stands is made once and copied. `input` must
// outlive it. Not synchronised.
class Replayer {
 public:
  explicit Replayer(const ReplayInput& input);
  Replayer(Replayer&&) noexcept;
  Replayer& operator=(Replayer&&) noexcept;
  ~Replayer();

  // As replay_once().
  Nanos run(std::span<const double> durations, std::vector<Nanos>* finish_at = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One replay with these durations (seconds, of the whole task; a running one has what is left of
// it, never negative): the makespan from now. `finish_at`, where given, receives when each task
// ends, from now.
Nanos replay_once(const ReplayInput& input,
                  std::span<const double> durations,
                  std::vector<Nanos>* finish_at = nullptr);

}  // namespace headway
