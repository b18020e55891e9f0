// See commit_words.hpp.
#include "change/commit_words.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace headway {
namespace {

struct Alias {
  std::string_view word;
  std::string_view type;
};

constexpr std::array kAliases{Alias{"feature", "feat"},
                              Alias{"features", "feat"},
                              Alias{"add", "feat"},
                              Alias{"bug", "fix"},
                              Alias{"bugfix", "fix"},
                              Alias{"hotfix", "fix"},
                              Alias{"fixes", "fix"},
                              Alias{"doc", "docs"},
                              Alias{"documentation", "docs"},
                              Alias{"tests", "test"},
                              Alias{"testing", "test"},
                              Alias{"performance", "perf"},
                              Alias{"refactoring", "refactor"},
                              Alias{"cleanup", "refactor"},
                              Alias{"format", "style"},
                              Alias{"deps", "build"},
                              Alias{"misc", "chore"}};

// Words of which one speaks for a type; the empty ones at the end are none.
struct WordRule {
  std::array<std::string_view, 6> stems;
  std::string_view type;
};

constexpr std::array kWordRules{
    WordRule{{"fix", "bug", "issue", "error"}, "fix"},
    WordRule{{"add", "implement", "new"}, "feat"},
    WordRule{{"doc", "readme", "comment", "document", "documentation", "docstring"}, "docs"},
    WordRule{{"test"}, "test"},
    WordRule{{"refactor", "reorganize", "reorganise"}, "refactor"}};

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

// fix, fixes, fixed, fixing, bugs, reorganized, reorganizing, implementation.
bool is_form_of(std::string_view word, std::string_view stem) noexcept {
  const std::string_view root = stem.ends_with('e') ? stem.substr(0, stem.size() - 1) : stem;
  if (!word.starts_with(root)) {
    return false;
  }
  const std::string_view ending = word.substr(root.size());
  for (const std::string_view known : {"", "s", "es", "ed", "ing", "e", "ation", "fix", "fixes"}) {
    if (ending == known) {
      return word != root || root == stem;
    }
  }
  return false;
}

bool has(const std::vector<std::string>& types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool speaks_of(std::string_view line, const WordRule& rule) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  for (std::size_t at = line.find_first_of(kLetters); at != std::string_view::npos;
       at = line.find_first_of(kLetters, at)) {
    const std::size_t end = std::min(line.find_first_not_of(kLetters, at), line.size());
    const std::string_view word = line.substr(at, end - at);
    for (const std::string_view stem : rule.stems) {
      if (!stem.empty() && is_form_of(word, stem)) {
        return true;
      }
    }
    at = end;
  }
  return false;
}

}  // namespace

std::string known_type(std::string_view word, const std::vector<std::string>& types) {
  const std::string lower = lowered(word);
  if (has(types, lower)) {
    return lower;
  }
  for (const Alias& alias : kAliases) {
    if (alias.word == lower && has(types, alias.type)) {
      return std::string(alias.type);
    }
  }
  const auto nearest = nearest_name(lower, {types.begin(), types.end()});
  return nearest.value_or("");
}

std::string type_from_words(std::string_view line, const std::vector<std::string>& types) {
  const std::string lower = lowered(line);
  for (const WordRule& rule : kWordRules) {
    if (has(types, rule.type) && speaks_of(lower, rule)) {
      return std::string(rule.type);
    }
  }
  return has(types, "chore") || types.empty() ? "chore" : types.front();
}

}  // namespace headway
