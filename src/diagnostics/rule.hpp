// Rule: one known way to fail: how its lines look, what it means, what to try. Plain data.
// Knows nothing of files and of matching (see rule_file.hpp, rule_set.hpp).
#pragma once

#include "diagnostics/failure_category.hpp"
#include "diagnostics/rule_hint.hpp"
#include "model/problem.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace headway {

// How much a line of a rule says about why the stage failed. Spelled in rule files as here.
enum class RuleRank : std::uint8_t {
  consequence,  // something else failed, says a wrapper ("make: *** [all] Error 2")
  failure,      // what failed ("error: expected ';'"); the default
  cause,        // why ("No space left on device")
};

// How often a suggestion of a rule was right: counted by scripts/measure_rules.py, never typed in.
struct RulePrecision {
  int right = 0;
  int of = 0;
};

// One rule. Patterns are RE2 and look at one line at a time; any one of them is enough. A line that
// one of `unless` finds is no hit. In `text` and `command`, {name} stands for a named group or for
// what the hint adds, [[...]] for a part that is left out where a name in it is empty.
struct Rule {
  std::string id;  // unique; family first: "python.module_not_found"
  FailureCategory category = FailureCategory::unknown;
  RuleRank rank = RuleRank::failure;
  std::vector<std::string> patterns;
  std::vector<std::string> unless;
  std::string text;     // one or two plain sentences; may be empty for a consequence
  std::string command;  // to paste into a shell, never run by us; or empty
  RuleHint hint = RuleHint::none;
  std::vector<std::string> matching;      // tests: lines that are hits
  std::vector<std::string> not_matching;  // tests: lines that are none
  RulePrecision precision;                // 0 of 0: not measured
  std::string file;                       // where it was read, for messages
  Position at;
};

std::string_view to_string(RuleRank rank) noexcept;

}  // namespace headway
