// Bundle: a run and its machine as one compressed file that may leave the machine. Every byte of it
// has passed the redactor. Reads only the run's folder.
#pragma once

#include "diagnostics/archive.hpp"
#include "diagnostics/diagnosis.hpp"
#include "diagnostics/redaction.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headway {

// The files: manifest.json first (name, bytes and digest of each, what was replaced how often),
// report.json, report.txt, and of the run: events, status, records, machine, the logs of stages
// that did not complete; each bounded.
std::vector<ArchivedFile> bundle_files(const Diagnosis& diagnosis,
                                       const std::optional<RunFolder>& run,
                                       Redactor& redactor,
                                       WallTime now);

// tar.gz at `path`, replaced whole, for this user alone. Error: it cannot be written.
Result<void> write_bundle(const std::string& path,
                          const std::vector<ArchivedFile>& files,
                          WallTime now);

}  // namespace headway
