// ProblemList: collects the mistakes of one file, or of files read as one, in any order. Knows
// nothing of what they mean.
#pragma once

#include "model/problem.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// `text` as a message may show it: control characters as escapes, cut after 80 bytes.
std::string shown(std::string_view text);

// The mistakes found so far. Not synchronised.
class ProblemList {
 public:
  // Beyond this many the rest is only said to be there: a file that is no workflow at all, or one
  // made to exhaust memory.
  static constexpr std::size_t kMaxProblems = 10'000;
  // A suggestion costs one comparison with every candidate; later mistakes get none.
  static constexpr int kMaxSuggestions = 200;

  explicit ProblemList(std::string file) : files_{std::move(file)} {}

  // A further file that is read together with the first; its number as Position::source.
  int add_file(std::string file) {
    files_.push_back(std::move(file));
    return static_cast<int>(files_.size()) - 1;
  }

  void add(Position at, std::string message, std::string suggestion = {});
  // A known key whose meaning is not built yet.
  void add_not_built(Position at, std::string message);

  // The nearest candidate, or "" where none is near, or too many were asked for already.
  std::string suggest(std::string_view name, const std::vector<std::string_view>& candidates);

  bool empty() const noexcept { return problems_.empty(); }

  // All of them, each once, sorted by place. Leaves the list empty.
  std::vector<Problem> take();

 private:
  void put(Problem problem);

  const std::string& file_of(Position at) const {
    return files_[static_cast<std::size_t>(at.source)];
  }

  std::vector<std::string> files_;  // by Position::source
  std::vector<Problem> problems_;
  bool overflowed_ = false;
  int suggestions_ = 0;
};

}  // namespace headway
