// `gates` of the file and of its stages. Knows nothing of reports.
#pragma once

#include "model/stage_reader.hpp"

#include <cstddef>
#include <vector>

namespace headway {

inline constexpr std::size_t kMaxGates = 100;
inline constexpr std::size_t kMaxGateMetrics = 100;

// All gates of the mapping `value`; adds problems.
std::vector<Gate> read_gates(ValueReader& reader, const YamlNode& value);

// Fills Stage::gates from the drafts (one a stage, same order); adds problems.
void read_stage_gates(ValueReader& reader,
                      const std::vector<Gate>& gates,
                      const std::vector<StageDraft>& drafts,
                      std::vector<Stage>& stages);

// All keys, for suggestions.
std::vector<std::string_view> gate_names(const std::vector<Gate>& gates);

}  // namespace headway
