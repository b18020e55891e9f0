// See stage_arguments.hpp.
#include "model/stage_arguments.hpp"

#include <fmt/format.h>

namespace headway {

Result<void> pass_arguments(Workflow& workflow,
                            const SelectionRequest& request,
                            const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    return {};
  }
  const std::vector<std::string>& named = request.only.empty() ? request.stages : request.only;
  if (named.size() != 1) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("pass arguments to a stage: {} named",
                             named.empty() ? "none is" : "more than one is"),
                 "name the one that they are for: headway run STAGE -- ARGS"};
  }
  const auto found = stages_named(workflow, named.front());
  if (!found) {
    return found.error();
  }
  if (found->size() != 1) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("pass arguments to '{}': it means {} stages", named.front(), found->size()),
        fmt::format("name one of them, such as '{}'",
                    workflow.stages[static_cast<std::size_t>(found->front())].key)};
  }
  Stage& stage = workflow.stages[static_cast<std::size_t>(found->front())];
  // A script without any expansion can do nothing with them.
  if (stage.run.is_script() && stage.run.script.find('$') == std::string::npos) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("pass arguments to stage '{}': its 'run' does not use them", stage.key),
        "write \"$@\" where they belong, or make 'run' a list"};
  }
  stage.run.arguments = arguments;
  return {};
}

}  // namespace headway
