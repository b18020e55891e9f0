// Which rules hold: those compiled in, and those that users add, override and switch off.
// Knows nothing of matching.
#pragma once

#include "diagnostics/rule_file.hpp"
#include "diagnostics/rule_set.hpp"

#include <string>
#include <vector>

namespace headway {

// The rules and what was wrong with users' files.
struct RulePack {
  std::vector<Rule> rules;
  std::vector<Problem> problems;
};

// `more` over the pack: a rule of the same id takes its place, a disabled id goes. What was
// measured is filled in, of rules that are in the pack or in `more`.
void apply_rule_file(RuleFile more, RulePack& pack);

// The rules that are compiled in. A mistake in them is one of ours and ends the program, saying so:
// the unit tests read them all.
RuleSet load_built_in_rules();

// The same with the users' files over them: every *.yaml of `folders` in turn, by name. A folder
// that is not there is none. A rule with a mistake, or one whose own tests fail, is left out with a
// problem; a file that cannot be read is a problem. Reads files; thread-safe.
struct LoadedRules {
  RuleSet rules;
  std::vector<Problem> problems;
};
LoadedRules load_rules(const std::vector<std::string>& folders);

// Where users keep rules: $XDG_CONFIG_HOME/headway/rules (~/.config/headway/rules), then
// .headway-rules beside the workflow file; the latter wins.
std::vector<std::string> rule_folders(const std::string& workflow_directory);

}  // namespace headway
