// FailureExplained: why a stage failed, as it was told: the event failure_explained, and what the
// record, views and reports show of it. Plain values; how they are found: src/diagnostics.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace headway {

class Json;
class JsonWriter;

// Lines of a log on end, cleaned, valid UTF-8, joined by '\n'.
struct ExplainedLines {
  std::int64_t first = 0, last = 0;  // 1-based, both shown
  std::string text{};

  friend bool operator==(const ExplainedLines&, const ExplainedLines&) = default;
};

// One thing to try.
struct ExplainedAdvice {
  std::string id{};       // of the rule or fact
  std::string text{};     // for people
  std::string command{};  // to paste into a shell; may be empty
  std::string source{};   // "fact", "rule", "diff", "history", "model"
  double confidence = 0;  // 0..1
  std::vector<std::int64_t> evidence_lines{};

  friend bool operator==(const ExplainedAdvice&, const ExplainedAdvice&) = default;
};

// The explanation of one failure.
struct FailureExplained {
  int stage = 0;  // position in the plan
  int attempt = 1;
  std::string category = "unknown";       // as in `headway explain --json`
  double confidence = 0;                  // 0..1
  std::int64_t lines = 0;                 // of the log
  std::int64_t anchor_line = 0;           // that says most; 0: none
  std::vector<ExplainedLines> excerpt{};  // the best first
  std::vector<ExplainedAdvice> suggestions{};

  friend bool operator==(const FailureExplained&, const FailureExplained&) = default;
};

// The fields from "category" to "suggestions", into an object that is begun.
void write_explained(JsonWriter& json, const FailureExplained& explained);
// The same read back; of a damaged one what there is. `stage` is left at 0.
FailureExplained read_explained(const Json& json);

}  // namespace headway
