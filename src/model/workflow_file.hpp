// From the text of a headway.yaml to a Workflow, or to all of its mistakes at once.
// Knows nothing of running; the only file it opens is the one it is told to.
#pragma once

#include "headway/result.hpp"
#include "model/workflow.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Either `problems` is empty and `workflow` is checked, or there are problems (by place) and
// `workflow` is not to be used.
struct LoadedWorkflow {
  Workflow workflow;
  std::vector<Problem> problems;

  bool valid() const noexcept { return problems.empty(); }
};

// Reads the text; `file` is the name that problems carry, `directory` the folder of the file
// (absolute).
LoadedWorkflow parse_workflow(std::string_view text, std::string file, std::string directory);

// headway-local.yaml: its name in problems, and what it says.
struct LocalText {
  std::string file;
  std::string text;
};

// The same, with single keys of `local` in the place of those in `text`. Problems name the file
// they are in.
LoadedWorkflow parse_workflow(std::string_view text,
                              std::string file,
                              std::string directory,
                              const std::optional<LocalText>& local);

// Opens and parses, with headway-local.yaml beside it where there is one. Error only where a file
// cannot be read; mistakes in it are problems.
Result<LoadedWorkflow> load_workflow(const std::string& path);

// headway.yaml in `start` or the nearest folder above; error not_found naming the start and
// how to go on.
Result<std::string> find_workflow_file(const std::string& start);

}  // namespace headway
