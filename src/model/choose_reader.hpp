// `choose` of a lane. Knows no change.
#pragma once

#include "model/value_reader.hpp"

namespace headway {

// Fills `lane.choose` where the mapping is right; adds problems.
void read_choose(ValueReader& reader, const FileField& field, Lane& lane);

}  // namespace headway
