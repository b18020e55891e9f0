// EventEmitter: numbers events, stamps them and tells every observer. Knows nothing of what they
// mean.
#pragma once

#include "base/clock.hpp"
#include "model/run_event.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace headway {

// The one source of a run's events. An event is numbered and stamped when it is made, and told a
// moment later, so that what is urgent (the start of the next process) need not wait for what is
// written about it; whoever is about to wait tells everything first. Single-threaded.
class EventEmitter {
 public:
  static constexpr std::size_t kMaxPending = 64;

  EventEmitter(std::string run_id, const Clock& clock, std::vector<RunObserver*> observers);
  ~EventEmitter() { flush(); }
  EventEmitter(const EventEmitter&) = delete;
  EventEmitter& operator=(const EventEmitter&) = delete;

  // Makes the next event of `body`. It is told with the next flush(), which comes by itself once
  // kMaxPending wait.
  void emit(RunEventBody body);
  // Tells the observers, in their order, every event that waits, oldest first.
  void flush();
  // Monotonic time since the emitter was made: the run's own axis of time.
  Nanos elapsed() const { return clock_.monotonic() - start_; }
  // The point on the clock where that axis begins.
  Nanos start() const { return start_; }

 private:
  const Clock& clock_;
  Nanos start_;
  std::vector<RunObserver*> observers_;
  std::int64_t seq_ = 0;
  std::vector<RunEvent> pending_;  // slots used again: the run id is written once in each
  std::size_t waiting_ = 0;        // how many of them wait to be told
};

}  // namespace headway
