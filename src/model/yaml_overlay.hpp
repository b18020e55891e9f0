// Two YAML documents read as one: single keys of the second in place of those of the first.
// Knows nothing of workflows.
#pragma once

#include "model/yaml_document.hpp"

#include <cstdint>

namespace headway {

// Mappings are put together key by key, in the order of `base`, then of `over`; of everything else
// `over` has the word. Its nodes get `source`. An `over` that is null changes nothing.
YamlDocument overlay_yaml(YamlDocument base, const YamlDocument& over, std::uint8_t source);

}  // namespace headway
