// What the log records of a folder say as a whole, and bounded pieces of any log. Judges nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace headway {

// One record worth showing.
struct LoggedError {
  std::string time, level, message;
};

// Of all structured logs (*.jsonl, but not events.jsonl) of a folder.
struct LogSummary {
  static constexpr std::size_t kMostErrors = 20;
  static constexpr std::size_t kMostOperations = 10;

  std::vector<std::pair<std::string, std::int64_t>> files;  // name, bytes; of all logs, by name
  std::map<std::string, int> levels;                        // records by level
  std::vector<LoggedError> errors;                          // the newest, oldest first
  std::vector<std::pair<std::string, double>> slowest;      // operation, seconds; slowest first
};

// Reads the last 4 MiB of each file; what cannot be read is left out. Links are not followed.
LogSummary summarize_logs(const std::string& folder);

// At most so much of a file.
struct TextBounds {
  std::int64_t head_bytes = 64 << 10;
  std::int64_t tail_bytes = 192 << 10;
};

// The first and the last whole lines of a regular file, with a line in between that says how much
// was left out. Empty where it cannot be read, or is a link.
std::string read_bounded(const std::string& path, const TextBounds& bounds);

}  // namespace headway
