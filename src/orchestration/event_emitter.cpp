// See event_emitter.hpp.
#include "orchestration/event_emitter.hpp"

#include <utility>

namespace headway {

EventEmitter::EventEmitter(std::string run_id,
                           const Clock& clock,
                           std::vector<RunObserver*> observers)
    : clock_(clock), start_(clock.monotonic()), observers_(std::move(observers)) {
  pending_.resize(kMaxPending);
  for (RunEvent& event : pending_) {
    event.run_id = run_id;
  }
}

void EventEmitter::emit(RunEventBody body) {
  if (waiting_ == pending_.size()) {
    flush();
  }
  RunEvent& event = pending_[waiting_];
  ++waiting_;
  event.seq = ++seq_;
  event.time = clock_.wall();
  event.elapsed = elapsed();
  event.body = std::move(body);
}

void EventEmitter::flush() {
  for (std::size_t at = 0; at < waiting_; ++at) {
    for (RunObserver* observer : observers_) {
      observer->on_event(pending_[at]);
    }
  }
  waiting_ = 0;
}

}  // namespace headway
