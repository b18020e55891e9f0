// WorkerThreads: threads that run jobs, kept for the next one. Knows nothing of stages, of how many
// may run at once, or of what a job does.
#pragma once

#include "headway/result.hpp"

#include <functional>
#include <memory>

namespace headway {

// A job never waits for another: it gets a thread that is idle, or a new one. So a job may start
// jobs and wait for them, and one that never ends costs its thread and nothing more. As many
// threads are kept as were ever busy at once. Safe from any thread.
class WorkerThreads {
 public:
  WorkerThreads();
  // Waits for all jobs. No job may be the one that destroys it.
  ~WorkerThreads();

  // `job` must not throw. Error (code io): it needs a new thread, and the system gives none.
  Result<void> run(std::function<void()> job);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headway
