// What to try after a failure.
// layer: diagnostics
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// One thing to try, where that advice comes from, and how sure it is.
struct Suggestion {
  std::string id;         // of the rule or fact: "python.module_not_found"
  std::string text;       // one or two sentences that name the thing
  std::string command;    // to paste into a shell, never run by Headway; may be empty
  std::string source;     // "fact", "rule", "diff", "history"
  double confidence = 0;  // 0 to 1: how often such advice was right where it was measured
  std::vector<std::int64_t> evidence_lines{};  // of the text it was made from, from 1
};

// Advice from the built-in rules (docs/reference/rules.md) for an error that a program has at hand.
class TroubleshootingSuggestions {
 public:
  // The surest advice for `error`: the name of an exception, a message, or a whole log. Nothing
  // where no rule knows it, or only one that is wrong as often as right. Looks at this machine
  // where that names the thing (who holds a port, a command that is spelt like it). Thread-safe;
  // the first call takes some 20 ms to compile the rules.
  static std::optional<Suggestion> get_suggestion(std::string_view error);
};

}  // namespace headway
