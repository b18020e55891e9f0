// Asking the language model of the user's configuration about a failure that is explained already,
// or showing what it would be asked. The only place of the program that sends something away.
#pragma once

#include "cli/console.hpp"
#include "diagnostics/explanation.hpp"

#include <string>

namespace headway::cli {

// Shows what a model would be asked about `explanation`, of the failure of `stage` (empty: of no
// stage), and where; tells what is in the way of sending it. The exit code.
int show_model_question(const Explanation& explanation,
                        const std::string& stage,
                        const GlobalOptions& options,
                        Console& console);

// Asks, at most as long as the settings say, and adds what the model says as the last advice, to
// `explanation` and on the console. Without an answer the explanation stays as it is, and why there
// is none is told.
void add_model_advice(Explanation& explanation,
                      const std::string& stage,
                      const GlobalOptions& options,
                      Console& console);

}  // namespace headway::cli
