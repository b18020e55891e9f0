// The root of the workflow file: from nodes to a Workflow. Knows nothing of files and of libyaml.
#pragma once

#include "model/value_reader.hpp"

namespace headway {

// Fills `workflow` (all but file and directory) from the document under `root`. Whatever is wrong
// becomes a problem; then the workflow is not to be used.
void read_workflow(const YamlNode& root, ProblemList& problems, Workflow& workflow);

}  // namespace headway
