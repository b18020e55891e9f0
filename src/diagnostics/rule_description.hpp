// What `headway explain --rule ID` prints. Knows nothing of terminals.
#pragma once

#include "diagnostics/rule_set.hpp"

#include <string>
#include <string_view>

namespace headway {

// The rule whole, for people: what it looks for, what it says, how sure it is and why, its tests
// and whether they pass. Ends with a newline.
std::string describe_rule(const Rule& rule);

// "there is no rule 'x' (did you mean 'y'?)", for an id that RuleSet::find does not know.
std::string unknown_rule_message(const RuleSet& rules, std::string_view id);

}  // namespace headway
