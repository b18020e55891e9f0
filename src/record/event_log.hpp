// EventLog: events.jsonl, written (event_reader.hpp reads it back). Decides nothing; knows no
// terminal.
#pragma once

#include "base/secrets.hpp"
#include "headway/result.hpp"
#include "model/run_event.hpp"
#include "record/event_reader.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace headway {

// Appends every event as one line with one write(2). A full disk: lines that did not fit are kept
// (bounded: kMaxBacklogBytes; run_finished always), counted and written when space returns, in
// order; a half line is cut off first. The file must have no other writer: the caller holds the
// run's lock. Sync to disk is BackgroundWriter's work.
class EventLog final : public RunObserver {
 public:
  static constexpr std::size_t kMaxBacklogBytes = 4U << 20U;

  static Result<std::unique_ptr<EventLog>> create(const std::string& path, SecretSet secrets);
  // Tries once more to write what waits.
  ~EventLog() override;

  void on_event(const RunEvent& event) override;

  int fd() const noexcept;
  // Events that are lost for good: the backlog was full.
  std::int64_t lost() const noexcept;
  // Events that wait in memory for room on the disk.
  std::int64_t waiting() const noexcept;
  // The first trouble in words, with what became of it, or empty.
  std::string trouble() const;

 private:
  struct State;
  explicit EventLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace headway
