// Cycles among stages. Pure; knows indices only, no file and no scheduling.
#pragma once

#include "model/workflow.hpp"

#include <vector>

namespace headway {

// One cycle for every set of stages that need each other: indices into `stages`, each stage needs
// the one behind it, the last needs the first. It begins with the lowest index of its set and is
// the shortest cycle through that stage. Ordered by first index. A stage that needs itself is a
// cycle of one. Linear in stages and needs; no recursion.
std::vector<std::vector<int>> find_cycles(const std::vector<Stage>& stages);

}  // namespace headway
