// Reading events.jsonl back, as far as it is whole. Decides nothing about what it reads.
#pragma once

#include "headway/result.hpp"
#include "model/run_event.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace headway {

// What a record holds. Plain value.
struct ReadEvents {
  std::vector<RunEvent> events;
  bool torn = false;             // ends in a half line or NULs: a crash
  int bad_lines = 0;             // whole lines that are no events
  std::int64_t whole_bytes = 0;  // up to the end of the last whole line
};

// All events of a file. Lines that are no events are passed over and counted; what follows the last
// newline is never an event. Error only where the file cannot be read.
Result<ReadEvents> read_events(const std::string& path);

// Calls `visit` for each event without keeping them; false from it stops. Memory: the longest line.
Result<void> for_each_event(const std::string& path,
                            const std::function<bool(const RunEvent&)>& visit);

// The last event of a record where it is run_finished: the run was closed. Reads the file's tail
// alone, so it costs the same for every length. Nothing where it is not, or cannot be read.
std::optional<RunFinished> read_last_run_finished(const std::string& path);

}  // namespace headway
