// RunEvent as one line of events.jsonl and back (docs/reference/events.md has the grammar).
// Knows nothing of files.
#pragma once

#include "base/secrets.hpp"
#include "headway/result.hpp"
#include "model/run_event.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace headway {

// "run_started", "stage_finished", ...: the `event` field of a body's line.
std::string_view event_name(const RunEventBody& body) noexcept;

// Appends `event` as one line, newline included; free text is masked. In JSON, stages are named by
// key, not by position: `keys` are those of RunStarted::stages, by position (ignored for
// run_started itself).
void append_event_line(std::string& out,
                       const RunEvent& event,
                       const std::vector<std::string>& keys,
                       const SecretSet& secrets);

// Reads lines in order; remembers the keys of run_started. Fields that are not known are passed
// over, events of an unknown kind too (nullopt in the Result), so that an older binary reads a
// newer record.
class RunEventReader {
 public:
  Result<std::optional<RunEvent>> read(std::string_view line);

 private:
  std::unordered_map<std::string, int> positions_;  // of the keys of run_started
};

}  // namespace headway
