// The two sums over a sample that more than one reader needs.
#include "host/resource_sample.hpp"

#include <algorithm>

namespace headway {

std::int64_t memory_limit_bytes(const ResourceSample& sample) {
  std::optional<std::int64_t> least = sample.memory_total_bytes;
  for (const GroupMemory& group : sample.memory_groups) {
    if (group.limit_bytes && (!least || *group.limit_bytes < *least)) {
      least = group.limit_bytes;
    }
  }
  return least.value_or(0);
}

std::int64_t memory_room_bytes(const ResourceSample& sample) {
  std::optional<std::int64_t> least = sample.memory_available_bytes;
  for (const GroupMemory& group : sample.memory_groups) {
    if (group.limit_bytes) {
      const std::int64_t left = *group.limit_bytes - group.working_set_bytes;
      least = std::min(least.value_or(left), left);
    }
  }
  return std::max<std::int64_t>(0, least.value_or(0));
}

}  // namespace headway
