// `run` of a stage, a gate or a hook: a script, or a program and its arguments. Knows nothing else
// of them.
#pragma once

#include "model/value_reader.hpp"

namespace headway {

// Reads `field` into `out`; adds problems and leaves `out` alone where it is wrong.
void read_command(ValueReader& reader, const FileField& field, StageCommand& out);

}  // namespace headway
