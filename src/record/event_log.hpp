// EventLog: events.jsonl, written. EventLogReader: read back, as far as it is whole.
// Decides nothing; knows no terminal.
#pragma once

#include "base/secrets.hpp"
#include "headway/result.hpp"
#include "model/run_event.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Appends every event as one line with one write(2). A full disk: lines that did not fit are kept
// (bounded: kMaxBacklogBytes), counted and written when space returns, in order; a half line is cut
// off first. Sync to disk is BackgroundWriter's work.
class EventLog final : public RunObserver {
 public:
  static constexpr std::size_t kMaxBacklogBytes = 4U << 20U;

  static Result<std::unique_ptr<EventLog>> create(const std::string& path, SecretSet secrets);
  ~EventLog() override;

  void on_event(const RunEvent& event) override;

  int fd() const noexcept;
  // Events that are lost for good: the backlog was full.
  std::int64_t lost() const noexcept;
  // The first trouble in words, or empty.
  std::string trouble() const;

 private:
  struct State;
  explicit EventLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// What a record holds.
struct ReadEvents {
  std::vector<RunEvent> events;
  bool torn = false;  // ends in a half line or NULs: a crash
  int bad_lines = 0;  // whole lines that are no events
};

// Error only where the file cannot be read.
Result<ReadEvents> read_events(const std::string& path);

// Calls `visit` for each event without keeping them; false from it stops.
Result<void> for_each_event(const std::string& path,
                            const std::function<bool(const RunEvent&)>& visit);

}  // namespace headway
