// EventEmitter: numbers events, stamps them and tells every observer. Knows nothing of what they
// mean.
#pragma once

#include "base/clock.hpp"
#include "model/run_event.hpp"

#include <string>
#include <vector>

namespace headway {

// The one source of a run's events. Single-threaded.
class EventEmitter {
 public:
  EventEmitter(std::string run_id, const Clock& clock, std::vector<RunObserver*> observers);

  // Makes the next event of `body` and tells the observers, in their order.
  void emit(RunEventBody body);
  // Monotonic time since the emitter was made: the run's own axis of time.
  Nanos elapsed() const { return clock_.monotonic() - start_; }
  // The point on the clock where that axis begins.
  Nanos start() const { return start_; }

 private:
  const Clock& clock_;
  Nanos start_;
  std::vector<RunObserver*> observers_;
  RunEvent event_;  // reused: the run id is written once
};

}  // namespace headway
