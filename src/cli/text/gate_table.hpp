// Results of gates as a table. Pure; knows no stream.
#pragma once

#include "cli/terminal/paint.hpp"
#include "model/run_event.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// One line a result: "pass  tests.pass_rate  98.5  >= 80"; without the values that nothing is asked
// of unless `verbose`. `width` 0: no limit. Empty where there is nothing to tell.
std::string gate_table(const std::vector<GateChecked>& gates,
                       const Paint& paint,
                       bool verbose,
                       int width);

}  // namespace headway::cli
