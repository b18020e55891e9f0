// The files of the templates that are compiled in: assets/templates. Knows nothing of what is in
// them.
#pragma once

#include "base/embedded_file.hpp"

#include <vector>

namespace headway {

// All of them, by name. Thread-safe.
std::vector<EmbeddedFile> embedded_template_files();

}  // namespace headway
