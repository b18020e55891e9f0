// See leftover_groups.hpp.
#include "execution/leftover_groups.hpp"

#include <csignal>
#include <utility>

namespace headway {
namespace {

bool is_alive(pid_t group) {
  return ::kill(-group, 0) == 0;
}

}  // namespace

void LeftoverGroups::end_members(pid_t group, UniqueFd& reader, Nanos now) {
  if (::kill(-group, SIGTERM) == 0) {
    groups_.push_back({group, std::move(reader), now + kGrace});
    next_look_ = now + kLookEvery;
  }
}

void LeftoverGroups::look(Nanos now) {
  std::erase_if(groups_, [now](const Group& group) {
    return !is_alive(group.id) || (now >= group.deadline && ::kill(-group.id, SIGKILL) == 0);
  });
  next_look_ = groups_.empty() ? std::nullopt : std::optional(now + kLookEvery);
}

int LeftoverGroups::kill_all() {
  int count = 0;
  for (const Group& group : groups_) {
    count += ::kill(-group.id, SIGKILL) == 0 ? 1 : 0;
  }
  groups_.clear();
  next_look_.reset();
  return count;
}

}  // namespace headway
