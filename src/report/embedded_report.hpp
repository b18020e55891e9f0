// The files of the HTML report that are compiled in: assets/report. Knows nothing of what is in
// them.
#pragma once

#include "base/embedded_file.hpp"

#include <vector>

namespace headway {

// All of them, by name. Thread-safe.
std::vector<EmbeddedFile> embedded_report_files();

}  // namespace headway
