// See saved_paths.hpp.
#include "cli/project/saved_paths.hpp"

#include "base/uuid.hpp"
#include "host/checkpoint_store.hpp"

#include <filesystem>

namespace headway::cli {

std::string saved_before_failure(const RunState& state, const std::string& run_folder) {
  if (!state.first_failure) {
    return "";
  }
  // <state folder>/runs/<run id>
  const auto folder = std::filesystem::path(run_folder).parent_path().parent_path();
  const auto all = CheckpointStore((folder / "checkpoints").string()).list();
  const std::string& stage = state.stages[static_cast<std::size_t>(*state.first_failure)].plan->key;
  if (all) {
    for (const Checkpoint& each : *all) {
      if (each.reason == CheckpointReason::before_stage && each.run_id == state.run_id &&
          each.stage == stage) {
        return short_id(each.id);
      }
    }
  }
  return "";
}

}  // namespace headway::cli
