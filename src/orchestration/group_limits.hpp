// Which stages get a control group of their own, and what limits on memory hold there. Pure; makes
// no group.
#pragma once

#include "host/resource_sample.hpp"
#include "timing/learned_needs.hpp"

#include <cstdint>

namespace headway {

// A group costs as much as the shortest stage takes (docs/design/workers.md), so only stages get
// one for which it matters: memory is declared, or is known to be kLargeStageBytes and more, or it
// is known to take kLongStage and more.
bool is_worth_a_group(const StageNeeds& known, std::int64_t declared_bytes);

inline constexpr std::int64_t kLargeStageBytes = std::int64_t{64} << 20;
inline constexpr Seconds kLongStage{0.1};

// Of all stages in groups together; 0: none. All but a thirty-second (1 GiB at most) of the
// machine's memory: beyond it the kernel would soon choose its victim among all processes of the
// machine, beside Headway's. None where a group above has a limit: whoever set that wants just that
// one to hold.
std::int64_t run_group_limit(const ResourceSample& sample);

// Of one stage; 0: none. Only below a person's budget: twice that, or twice what is reserved for
// the stage where that is more. A stage that merely takes more than was thought stays below it.
std::int64_t stage_group_limit(std::int64_t budget_bytes, std::int64_t reserved_bytes);

}  // namespace headway
