// The files that `headway init --template NAME` writes. Writes none itself and knows nothing of
// what is in them.
#pragma once

#include "cli/init/new_files.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway::cli {

// The names of the templates, sorted.
std::vector<std::string> template_names();

// The files of that template: its headway.yaml as `workflow_file` (absolute), the others beside it.
// Scripts (beginning with "#!") are executable. Empty where there is no template of that name.
std::vector<NewFile> template_files(std::string_view name, const std::string& workflow_file);

}  // namespace headway::cli
