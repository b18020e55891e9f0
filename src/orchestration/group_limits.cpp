// See group_limits.hpp.
#include "orchestration/group_limits.hpp"

#include <algorithm>

namespace headway {
namespace {

constexpr std::int64_t kReservedShare = 32;  // a part of the machine for everybody else
constexpr std::int64_t kMostReserved = std::int64_t{1} << 30;
constexpr std::int64_t kBeyondBudget = 2;
constexpr std::int64_t kMostBytes = INT64_MAX / kBeyondBudget;

}  // namespace

bool is_worth_a_group(const StageNeeds& known, std::int64_t declared_bytes) {
  return declared_bytes > 0 || known.memory_bytes.value_or(0) >= kLargeStageBytes ||
         known.duration.value_or(Seconds{}) >= kLongStage;
}

std::int64_t run_group_limit(const ResourceSample& sample) {
  const std::int64_t total = sample.memory_total_bytes.value_or(0);
  const bool is_bounded = std::any_of(
      sample.memory_groups.begin(), sample.memory_groups.end(), [total](const GroupMemory& group) {
        return group.limit_bytes.value_or(total) < total;
      });
  return is_bounded ? 0 : total - std::min(total / kReservedShare, kMostReserved);
}

std::int64_t stage_group_limit(std::int64_t budget_bytes, std::int64_t reserved_bytes) {
  return budget_bytes > 0
             ? kBeyondBudget * std::min(kMostBytes, std::max(budget_bytes, reserved_bytes))
             : 0;
}

}  // namespace headway
