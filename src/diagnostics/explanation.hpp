// Explanation: why a stage failed, as far as that can be told: its category, the lines that say so,
// and what to try. Puts together facts, rules, the difference to the last green log and the
// history; the words are theirs.
#pragma once

#include "diagnostics/failure_category.hpp"
#include "diagnostics/failure_excerpt.hpp"
#include "diagnostics/failure_facts.hpp"
#include "headway/diagnostics.hpp"
#include "model/failure_explained.hpp"

#include <string>
#include <vector>

namespace headway {

// The answer. `unknown` with confidence 0 and nothing shown: nothing failed.
struct Explanation {
  FailureCategory category = FailureCategory::unknown;
  double confidence = 0;  // 0..1: how often such an answer was right where it was measured
  FailureExcerpt excerpt;
  FailureFacts facts;
  std::vector<Suggestion> suggestions;  // facts, then the surest; kMaxSuggestions at most
  static constexpr std::size_t kMaxSuggestions = 5;
};

// Facts before rules, rules before the words of the excerpt. A run that passed is not explained.
// `past` is what the history says; it goes below what facts and rules say.
Explanation explain(FailureFacts facts, FailureExcerpt excerpt, std::vector<Suggestion> past = {});

// The same as plain values, for the record and for people; stage and attempt are the caller's.
FailureExplained told(const Explanation& explanation);

// The document of `headway explain --json`, without a trailing newline.
std::string explanation_document(const Explanation& explanation);

}  // namespace headway
