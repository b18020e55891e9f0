// StatusObserver: the fold of a run's events into status.json, at most twice a second, and the sync
// of events.jsonl at most a second late. The disk is waited for by BackgroundWriter alone.
#pragma once

#include "base/clock.hpp"
#include "base/secrets.hpp"
#include "record/background_writer.hpp"
#include "record/run_state.hpp"

#include <string>
#include <utility>

namespace headway {

// Where it writes and with what.
struct StatusObserverOptions {
  std::string status_path;
  int events_fd = -1;
  SecretSet secrets;
};

// Must be told after the EventLog. Not synchronised.
class StatusObserver final : public RunObserver {
 public:
  StatusObserver(StatusObserverOptions options, BackgroundWriter& writer, const Clock& clock);

  void on_event(const RunEvent& event) override;

  const RunState& state() const noexcept { return state_; }
  // What all events made; nothing may be told after it.
  RunState take_state() noexcept { return std::move(state_); }

 private:
  void write();

  StatusObserverOptions options_;
  BackgroundWriter& writer_;
  const Clock& clock_;
  RunState state_;
  Nanos next_write_{};
  Nanos next_sync_{};
};

}  // namespace headway
