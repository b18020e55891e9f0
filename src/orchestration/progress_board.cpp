// See progress_board.hpp.
#include "orchestration/progress_board.hpp"

#include <algorithm>

namespace headway {

void ProgressBoard::tell(Key key, StageProgress progress) {
  const MutexLock lock(mutex_);
  told_.insert_or_assign(key, std::move(progress));
}

void ProgressBoard::drop(Key key) {
  const MutexLock lock(mutex_);
  told_.erase(key);
}

std::vector<StageProgress> ProgressBoard::all() const {
  std::vector<StageProgress> all;
  {
    const MutexLock lock(mutex_);
    all.reserve(told_.size());
    for (const auto& [key, progress] : told_) {
      all.push_back(progress);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const StageProgress& a, const StageProgress& b) {
    return a.stage_id < b.stage_id;
  });
  return all;
}

}  // namespace headway
