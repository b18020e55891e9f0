// From an explanation to what a model is asked, and from its answer to advice. Sends nothing; knows
// no settings and no address.
#pragma once

#include "diagnostics/explanation.hpp"
#include "diagnostics/model_question.hpp"
#include "headway/diagnostics.hpp"

#include <string_view>

namespace headway {

// How sure a model's advice is said to be. Nobody has measured it: quotes that stand in the log say
// that it read the log, not that it is right. So it is always a guess, below whatever is likely.
inline constexpr double kModelConfidence = 0.3;

// What the model is to be told: the lines of the excerpt, block after block, and how it ended.
// Stage and command are the caller's; nothing is redacted yet.
ModelQuestion question_about(const Explanation& explanation);

// The answer as a suggestion, with the lines of the log that it quotes; `asked` is the explanation
// that the question was made of. Its id is "model." and the name of the model.
Suggestion advice_of(const ModelAnswer& answer, std::string_view model, const Explanation& asked);

}  // namespace headway
