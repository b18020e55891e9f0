// The programs whose versions a report tells even where no stage is known to start them.
#pragma once

#include <string>
#include <vector>

namespace headway {

// Interpreters, compilers and builders; those that are there are told.
inline std::vector<std::string> usual_tools() {
  return {
      "git", "python3", "node", "gcc", "clang", "make", "cmake", "ninja", "go", "cargo", "java"};
}

}  // namespace headway
