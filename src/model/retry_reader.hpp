// `retries` of a stage or of the defaults: a number, or a mapping. Knows nothing of retrying.
#pragma once

#include "model/value_reader.hpp"

namespace headway {

// Reads `field` into `out`; adds problems and leaves `out` alone where it is wrong.
void read_retries(ValueReader& reader, const FileField& field, RetryRule& out);

}  // namespace headway
