// ProgressBoard: what running stages have told of how far they are. Knows nothing of running them.
#pragma once

#include "base/mutex.hpp"
#include "headway/executor.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace headway {

// One board for all runs of an executor. Safe from any thread.
class ProgressBoard {
 public:
  // Which stage of which run: any address that is the run's own, and the stage's position.
  using Key = std::pair<const void*, int>;

  void tell(Key key, StageProgress progress);
  void drop(Key key);
  // By stage id.
  std::vector<StageProgress> all() const;

 private:
  mutable Mutex mutex_;
  std::map<Key, StageProgress> told_ HEADWAY_GUARDED_BY(mutex_);
};

}  // namespace headway
