// What a report quotes of a stage that failed. Knows no log.
#pragma once

#include <functional>
#include <string>

namespace headway {

// The lines that matter of the stage at a position of the plan, beside its reason. Empty: nothing.
using StageDetail = std::function<std::string(int stage)>;

}  // namespace headway
