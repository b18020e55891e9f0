// Diagnostics: a report on logs, state and machine, with secrets taken out; what to try after a
// failure.
// layer: diagnostics
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// What was found, once. Registered secrets (variables whose names look so) and what looks like a
// token, key or password are replaced in both forms. Plain value.
struct DiagnosticReport {
 public:
  DiagnosticReport(std::string text, std::string json)
      : text_(std::move(text)), json_(std::move(json)) {}

  // For people.
  std::string to_text() const { return text_; }
  // One JSON object: environment, system_resources, workflow_state, logs, suggestions, checks,
  // changed_since_green, history (docs/reference/json.md, `headway diagnose`).
  std::string to_json() const { return json_; }

 private:
  std::string text_, json_;
};

// Collects what a DiagnosticReport says. Safe from any thread.
class DiagnosticCollector {
 public:
  // Looks at this machine, at the structured logs (*.jsonl) and log files in `log_dir`, and at the
  // status file; what is not there, or cannot be read, is left out. Takes about a second at most,
  // starts short commands (`git --version` and the like), uses no network, and writes nothing but
  // the versions it asked for, where there is a state folder. Never fails.
  static DiagnosticReport generate_diagnostic_report(const std::string& log_dir,
                                                     const std::string& status_file);
};

// One thing to try, where that advice comes from, and how sure it is.
struct Suggestion {
  std::string id;         // of the rule or fact: "python.module_not_found"
  std::string text;       // one or two sentences that name the thing
  std::string command;    // to paste into a shell, never run by Headway; may be empty
  std::string source;     // "fact", "rule", "diff", "history", "model"
  double confidence = 0;  // 0 to 1: how often such advice was right; of a model unmeasured: 0.3
  std::vector<std::int64_t> evidence_lines{};  // of the text it was made from, from 1
};

// Advice from the built-in rules (docs/reference/rules.md) for an error that a program has at hand.
class TroubleshootingSuggestions {
 public:
  // The surest advice for `error`: the name of an exception, a message, or a whole log. Nothing
  // where no rule knows it, or only one that is wrong as often as right. Looks at this machine
  // where that names the thing (who holds a port, a command that is spelt like it). Thread-safe;
  // the first call reads the rules, some 10 ms.
  static std::optional<Suggestion> get_suggestion(std::string_view error);
};

}  // namespace headway
