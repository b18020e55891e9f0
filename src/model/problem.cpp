// Problem as one line of text. Knows nothing of what the file means.
#include "model/problem.hpp"

#include <fmt/format.h>

namespace headway {

std::string to_string(const Problem& problem) {
  std::string text = problem.file;
  if (problem.at.line > 0) {
    text += fmt::format(":{}:{}", problem.at.line, problem.at.column);
  }
  text += fmt::format("{}{}", text.empty() ? "" : ": ", problem.message);
  if (!problem.suggestion.empty()) {
    text += fmt::format(" (did you mean '{}'?)", problem.suggestion);
  }
  return text;
}

}  // namespace headway
