// See begun_stages.hpp.
#include "orchestration/begun_stages.hpp"

namespace headway {

void BegunStages::began(int task) {
  stands_on_[static_cast<std::size_t>(task)] = task;
  last_begun_ = task;
}

void BegunStages::passed_over(int task) {
  stands_on_[static_cast<std::size_t>(task)] = below(task);
}

int BegunStages::below(int task) const {
  if (plan_.stage(task).always) {
    return last_begun_;
  }
  for (const int need : plan_.selection.needs[static_cast<std::size_t>(task)]) {
    if (const int ran = stands_on_[static_cast<std::size_t>(need)]; ran >= 0) {
      return ran;
    }
  }
  return -1;
}

StageCause BegunStages::cause(int task) const {
  if (plan_.before.empty()) {
    return {};
  }
  const StageBefore& before = plan_.before[static_cast<std::size_t>(task)];
  if (!before.finished) {
    return before.cause;
  }
  StageCause ran;
  ran.kind = CauseKind::need_ran;
  ran.detail = plan_.stage(below(task)).key;
  return ran;
}

}  // namespace headway
