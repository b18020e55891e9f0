// ProblemList: see the header.
#include "model/problem_list.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace headway {
namespace {

constexpr std::size_t kMaxShownBytes = 80;
// Nobody mistypes a name this long; comparing it would only cost time.
constexpr std::size_t kMaxSuggestedName = 200;

auto place_and_words(const Problem& problem) {
  return std::tie(problem.at.source, problem.at.line, problem.at.column, problem.message);
}

bool earlier(const Problem& a, const Problem& b) {
  return std::tie(a.at.source, a.at.line, a.at.column) <
         std::tie(b.at.source, b.at.line, b.at.column);
}

// The longest beginning of at most kMaxShownBytes that cuts no UTF-8 sequence.
std::string_view beginning(std::string_view text) {
  if (text.size() <= kMaxShownBytes) {
    return text;
  }
  std::size_t end = kMaxShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end);
}

}  // namespace

std::string shown(std::string_view text) {
  std::string out;
  const std::string_view part = beginning(text);
  for (const char c : part) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return part.size() < text.size() ? out + "..." : out;
}

void ProblemList::add(Position at, std::string message, std::string suggestion) {
  put({file_of(at), at, std::move(message), std::move(suggestion)});
}

void ProblemList::add_not_built(Position at, std::string message) {
  Problem problem{file_of(at), at, std::move(message)};
  problem.not_built = true;
  put(std::move(problem));
}

void ProblemList::put(Problem problem) {
  if (problems_.size() >= kMaxProblems) {
    overflowed_ = true;
    return;
  }
  problems_.push_back(std::move(problem));
}

std::string ProblemList::suggest(std::string_view name,
                                 const std::vector<std::string_view>& candidates) {
  if (name.size() > kMaxSuggestedName || ++suggestions_ > kMaxSuggestions) {
    return {};
  }
  return nearest_name(name, candidates).value_or(std::string());
}

std::vector<Problem> ProblemList::take() {
  std::stable_sort(problems_.begin(), problems_.end(), earlier);
  const auto same = [](const Problem& a, const Problem& b) {
    return place_and_words(a) == place_and_words(b);
  };
  problems_.erase(std::unique(problems_.begin(), problems_.end(), same), problems_.end());
  if (overflowed_) {
    const Position last = problems_.back().at;
    problems_.push_back(
        {file_of(last),
         last,
         fmt::format("there are more than {} mistakes: fix these first", kMaxProblems)});
  }
  return std::exchange(problems_, {});
}

}  // namespace headway
