// Problem: one mistake in a workflow file, with its place. Knows nothing of what the file means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// A place in a file, both from 1; 0 where there is none.
struct Position {
  int line = 0;
  int column = 0;
  int source = 0;  // of files that are read as one: which, from 0
};

// One mistake. `message` is a lowercase fragment that names the thing ("stage 'lint' needs unknown
// stage 'buld'"); `suggestion` is the nearest right spelling, or empty.
struct Problem {
  std::string file;
  Position at;
  std::string message;
  std::string suggestion{};
  bool not_built = false;  // a known key whose meaning is not built yet
};

// "headway.yaml:14:9: stage 'lint' needs unknown stage 'buld' (did you mean 'build'?)"
std::string to_string(const Problem& problem);

}  // namespace headway
