// without_git_comments: what git takes out of a message before it keeps it (git-commit(1),
// --cleanup=strip and scissors). Knows nothing of what the message says.
#include "base/text.hpp"
#include "headway/commits.hpp"

#include <optional>

namespace headway {
namespace {

constexpr std::string_view kScissors = " ------------------------ >8 ------------------------";
// What git chooses from for core.commentChar=auto.
constexpr std::string_view kCommentCharacters = "#;@!$%^&|:";
constexpr char kUsual = '#';

// The comment character that lines at the end show; two of them at least, or it is not known.
std::optional<char> shown_character(const std::vector<std::string_view>& lines) {
  std::optional<char> seen;
  int count = 0;
  for (std::size_t at = lines.size(); at-- > 0;) {
    if (trim(lines[at]).empty()) {
      continue;
    }
    const char first = lines[at].front();
    if (kCommentCharacters.find(first) == std::string_view::npos || (seen && *seen != first)) {
      break;
    }
    seen = first;
    ++count;
  }
  return count > 1 ? seen : std::nullopt;
}

}  // namespace

std::string without_git_comments(std::string_view text) {
  std::vector<std::string_view> lines = split(text, '\n');
  std::optional<char> comment;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::string_view line = lines[at];
    if (!line.empty() && trim(line.substr(1)) == trim(kScissors) &&
        kCommentCharacters.find(line.front()) != std::string_view::npos) {
      comment = line.front();
      lines.resize(at);
      break;
    }
  }
  const char mark = comment ? *comment : shown_character(lines).value_or(kUsual);
  std::string message;
  bool was_blank = true;
  for (std::string_view line : lines) {
    if (line.starts_with(mark)) {
      continue;
    }
    const std::size_t last = line.find_last_not_of(" \t\r");
    line = last == std::string_view::npos ? std::string_view() : line.substr(0, last + 1);
    if (!line.empty() || !was_blank) {  // (git keeps one of several empty lines)
      message.append(line).append("\n");
    }
    was_blank = line.empty();
  }
  while (message.ends_with('\n')) {
    message.pop_back();
  }
  return message;
}

}  // namespace headway
