// From the hit of a rule to a suggestion in words. Knows nothing of other hits.
#pragma once

#include "diagnostics/naming.hpp"
#include "diagnostics/rule_set.hpp"
#include "headway/diagnostics.hpp"

#include <optional>

namespace headway {

// The rule's text and command with everything named that can be named; source "rule", the rule's
// own confidence, the hit's line as evidence. Nothing for a rule without a text.
std::optional<Suggestion> suggestion_of(const RuleHit& hit, const NamingPlaces& places);

}  // namespace headway
