// LeftoverGroups: process groups whose leader has ended while members live on: asked to end, then
// made to. Knows nothing of tasks.
#pragma once

#include "base/clock.hpp"
#include "base/unique_fd.hpp"

#include <sys/types.h>

#include <optional>
#include <vector>

namespace headway {

// The groups that a finished attempt left behind. A group's number is not given to a new process
// while a member lives; it is looked at every kLookEvery, so that one which has gone is soon
// forgotten. Not synchronised.
class LeftoverGroups {
 public:
  // SIGTERM to what is left of a group whose leader was just reaped; SIGKILL comes after kGrace.
  // `reader`, the end of their pipe, is held open meanwhile:
  // closed, it would end them with SIGPIPE at the first word of their farewell.
  void end_members(pid_t group, UniqueFd& reader, Nanos now);
  // Forgets the groups that are gone, kills those whose time is over.
  void look(Nanos now);
  // When look() should be called next; nothing where no group is left.
  std::optional<Nanos> next_look() const noexcept { return next_look_; }
  // SIGKILL to all at once; how many groups there were.
  int kill_all();

  static constexpr Nanos kGrace = std::chrono::seconds(2);
  static constexpr Nanos kLookEvery = std::chrono::milliseconds(50);

 private:
  // One group and when it is killed.
  struct Group {
    pid_t id = 0;
    UniqueFd reader;
    Nanos deadline{};
  };

  std::vector<Group> groups_;
  std::optional<Nanos> next_look_;
};

}  // namespace headway
