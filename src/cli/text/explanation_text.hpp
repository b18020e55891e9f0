// An explanation, and a rule, as people read them. Pure; decides nothing.
#pragma once

#include "cli/terminal/paint.hpp"
#include "diagnostics/rule_set.hpp"
#include "model/failure_explained.hpp"

#include <string>

namespace headway::cli {

// How it is shown.
struct ExplanationLook {
  Paint paint{};
  int width = 0;  // columns; 0: no limit
  // Instead of lines, where there are none.
  std::string no_lines = "It printed nothing.";
};

// The lines alone, with their numbers, in the order of the log; the one that says most is marked.
std::string excerpt_text(const FailureExplained& explained, const ExplanationLook& look);

// "cause: test failure (likely, 75 %)" and a newline.
std::string failure_cause_text(const FailureExplained& explained, const ExplanationLook& look);

// The lines with their numbers in the order of the log, the cause, and what to try, each with how
// sure it is and where it comes from.
std::string explained_text(const FailureExplained& explained, const ExplanationLook& look);

// One thing to try, with how sure it is and where it comes from; it ends with a newline.
std::string advice_text(const ExplainedAdvice& advice, const ExplanationLook& look);

// What `headway explain --rule ID --json` says of a rule.
std::string rule_document(const Rule& rule);

}  // namespace headway::cli
