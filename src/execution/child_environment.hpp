// ChildEnvironment: the environment of a child, as execve(2) wants it. Knows no process.
#pragma once

#include "execution/backend.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Of one child after the other; the strings of the launch are used, not copied.
class ChildEnvironment {
 public:
  // That of the launch, or this process's own, with PWD as a shell would set it. `launch` and what
  // it points to must live as long as entries() is used.
  void set(const Launch& launch);
  // "NAME=value" each, a null pointer at the end.
  const std::vector<char*>& entries() const noexcept { return entries_; }
  // The PATH in it, or the usual one.
  std::string_view search_path() const noexcept { return search_path_; }

 private:
  void add(char* entry);

  std::vector<char*> entries_;
  std::string working_directory_;  // "PWD=..."
  std::string_view search_path_;
};

}  // namespace headway
