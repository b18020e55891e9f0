// `hooks` of the file: the checks before each stage. Knows nothing of checking.
#pragma once

#include "model/needs_reader.hpp"

#include <cstddef>
#include <vector>

namespace headway {

inline constexpr std::size_t kMaxHooks = 50;  // of one stage

// Fills Stage::hooks from the mapping `value` of stage keys; adds problems.
void read_hooks(ValueReader& reader,
                const StageIndex& index,
                const YamlNode& value,
                std::vector<Stage>& stages);

}  // namespace headway
