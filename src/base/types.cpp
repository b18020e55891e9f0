// Spellings of the stage states. Knows nothing else.
#include "headway/types.hpp"

namespace headway {

std::string_view to_string(StageStatus status) noexcept {
  switch (status) {
    case StageStatus::pending:
      return "PENDING";
    case StageStatus::running:
      return "RUNNING";
    case StageStatus::completed:
      return "COMPLETED";
    case StageStatus::failed:
      return "FAILED";
    case StageStatus::skipped:
      return "SKIPPED";
    case StageStatus::cancelled:
      return "CANCELLED";
    case StageStatus::interrupted:
      return "INTERRUPTED";
  }
  return "PENDING";
}

}  // namespace headway
