// See event_emitter.hpp.
#include "orchestration/event_emitter.hpp"

#include <utility>

namespace headway {

EventEmitter::EventEmitter(std::string run_id,
                           const Clock& clock,
                           std::vector<RunObserver*> observers)
    : clock_(clock), start_(clock.monotonic()), observers_(std::move(observers)) {
  event_.run_id = std::move(run_id);
}

void EventEmitter::emit(RunEventBody body) {
  ++event_.seq;
  event_.time = clock_.wall();
  event_.elapsed = elapsed();
  event_.body = std::move(body);
  for (RunObserver* observer : observers_) {
    observer->on_event(event_);
  }
}

}  // namespace headway
