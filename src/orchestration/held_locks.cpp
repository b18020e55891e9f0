// See held_locks.hpp.
#include "orchestration/held_locks.hpp"

#include "base/files.hpp"

#include <algorithm>
#include <utility>

namespace headway {

HeldLocks::HeldLocks(StateFolder state, std::vector<std::string> names)
    : state_(std::move(state)), names_(std::move(names)) {
  if (!names_.empty()) {
    (void)make_directories(state_.path + "/locks");
  }
}

std::optional<int> HeldLocks::acquire(int task, const std::vector<int>& locks) {
  std::vector<UniqueFd> taken;
  for (const int lock : locks) {
    if (static_cast<std::size_t>(lock) >= names_.size()) {
      continue;
    }
    auto fd = try_lock_file(state_.lock_file(names_[static_cast<std::size_t>(lock)]));
    if (fd) {
      taken.push_back(std::move(*fd));
    } else if (fd.error().code == ErrorCode::conflict) {
      busy_.push_back(lock);
      return lock;
    }
  }
  held_[task] = std::move(taken);
  return std::nullopt;
}

void HeldLocks::release(int task) {
  held_.erase(task);
}

std::vector<int> HeldLocks::freed() {
  const auto still_busy =
      std::stable_partition(busy_.begin(), busy_.end(), [this](int lock) { return is_free(lock); });
  std::vector<int> free(busy_.begin(), still_busy);
  busy_.erase(busy_.begin(), still_busy);
  return free;
}

bool HeldLocks::is_free(int lock) const {
  auto fd = try_lock_file(state_.lock_file(names_[static_cast<std::size_t>(lock)]));
  return fd.has_value() || fd.error().code != ErrorCode::conflict;
}

}  // namespace headway
