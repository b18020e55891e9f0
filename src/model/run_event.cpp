// Spellings of the enums of a run. Knows nothing of files or formats.
#include "model/run_event.hpp"

namespace headway {

std::string_view to_string(RunStatus status) noexcept {
  switch (status) {
    case RunStatus::none:
      return "NONE";
    case RunStatus::running:
      return "RUNNING";
    case RunStatus::completed:
      return "COMPLETED";
    case RunStatus::failed:
      return "FAILED";
    case RunStatus::cancelled:
      return "CANCELLED";
    case RunStatus::interrupted:
      return "INTERRUPTED";
  }
  return "NONE";
}

RunStatus run_status_named(std::string_view name) noexcept {
  for (const RunStatus status : {RunStatus::running,
                                 RunStatus::completed,
                                 RunStatus::failed,
                                 RunStatus::cancelled,
                                 RunStatus::interrupted}) {
    if (to_string(status) == name) {
      return status;
    }
  }
  return RunStatus::none;
}

}  // namespace headway
