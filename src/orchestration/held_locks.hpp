// HeldLocks: the repository's locks that stages of this run hold, as flocks that the kernel drops
// at death. Decides nothing: the scheduler does.
#pragma once

#include "base/unique_fd.hpp"
#include "record/run_folder.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace headway {

// Takes and gives back lock files. Not synchronised.
class HeldLocks {
 public:
  // `names` by the number the scheduler knows them by.
  HeldLocks(StateFolder state, std::vector<std::string> names);

  // Takes all of `locks` that have names for `task`, or none: then the number of the one that
  // somebody else holds, which is waited for from then on. A lock file that cannot be made at all
  // (read-only disk) counts as taken: within this run the scheduler still keeps it exclusive.
  std::optional<int> acquire(int task, const std::vector<int>& locks);
  void release(int task);
  // Nobody outside this run holds it just now.
  bool is_free(int lock) const;
  // Locks that others held are waited for.
  bool is_waiting() const noexcept { return !busy_.empty(); }
  // Those that nobody outside this run holds any more; they are no longer waited for.
  std::vector<int> freed();

 private:
  StateFolder state_;
  std::vector<std::string> names_;
  std::map<int, std::vector<UniqueFd>> held_;
  std::vector<int> busy_;
};

}  // namespace headway
