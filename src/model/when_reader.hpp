// `when` of a stage. Knows neither lanes nor files.
#pragma once

#include "model/value_reader.hpp"

namespace headway {

// Reads the condition; a mistake is told at its place. Whether the lanes exist is not looked at.
void read_when(ValueReader& reader, const FileField& field, StageCondition& out);

}  // namespace headway
