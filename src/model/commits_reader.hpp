// `commits` of the workflow file. Knows no commit message.
#pragma once

#include "model/commit_settings.hpp"
#include "model/value_reader.hpp"

namespace headway {

// Fills what the mapping says; adds problems.
void read_commits(ValueReader& reader, const YamlNode& value, CommitSettings& out);

}  // namespace headway
