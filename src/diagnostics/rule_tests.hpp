// The tests that a rule carries in its file. Knows nothing of files.
#pragma once

#include "diagnostics/rule_set.hpp"

#include <string>
#include <vector>

namespace headway {

// What a rule's own tests say against it, each a lowercase fragment ("does not match its test line
// '...'"); empty where all pass. A matching line must also fill 'text' (names that a hint gives
// are taken as given).
std::vector<std::string> failures_of_tests(const Rule& rule);

}  // namespace headway
