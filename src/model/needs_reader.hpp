// From the names in `needs` to indices, with every mistake among them: unknown, twice, itself,
// cycles. Knows nothing else of stages.
#pragma once

#include "model/stage_reader.hpp"

#include <string_view>
#include <unordered_map>
#include <vector>

namespace headway {

// Stages that one name means: those of a matrix follow each other.
struct StageRange {
  int first = 0;
  int count = 1;
};

// Stage keys as the file has them, and those of single stages of a matrix. The views live as long
// as the document and its reader.
using StageIndex = std::unordered_map<std::string_view, StageRange>;

// Fills Stage::needs from the drafts (one a stage, same order); adds problems.
void read_needs(ValueReader& reader,
                const StageIndex& index,
                const std::vector<StageDraft>& drafts,
                std::vector<Stage>& stages);

// All keys, those of a matrix as the file has them too, for suggestions.
std::vector<std::string_view> stage_names(const std::vector<Stage>& stages);

}  // namespace headway
