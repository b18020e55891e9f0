// The rule files that are compiled in: rules/*.yaml. Knows nothing of what is in them.
#pragma once

#include "base/embedded_file.hpp"

#include <vector>

namespace headway {

// All of them, by name. Thread-safe.
std::vector<EmbeddedFile> embedded_rule_files();

}  // namespace headway
