// An explanation, and a rule, as people read them. Pure; decides nothing.
#pragma once

#include "cli/terminal/paint.hpp"
#include "diagnostics/explanation.hpp"
#include "diagnostics/rule_set.hpp"

#include <string>

namespace headway::cli {

// How it is shown.
struct ExplanationLook {
  Paint paint{};
  int width = 0;  // columns; 0: no limit
};

// The category, the lines with their numbers in the order of the log, and what to try.
std::string explanation_text(const Explanation& explanation, const ExplanationLook& look);

// What `headway explain --rule ID --json` says of a rule.
std::string rule_document(const Rule& rule);

}  // namespace headway::cli
