// Body and footers of a commit message; see commit_parser.hpp. The grammar is in
// docs/reference/commits.md.
#include "base/text.hpp"
#include "change/commit_parser.hpp"

#include <algorithm>

namespace headway {
namespace {

constexpr std::string_view kBreaking = "BREAKING CHANGE";
constexpr std::string_view kBreakingDash = "BREAKING-CHANGE";

bool is_token_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return (x >= 'a' && x <= 'z' ? x - 'a' + 'A' : x) == y;
         });
}

// "Breaking change: ..." in the wrong case.
bool is_misspelt_breaking(std::string_view line) noexcept {
  const std::string_view head = line.substr(0, kBreaking.size());
  return line.substr(head.size()).starts_with(":") && !is_breaking_token(head) &&
         (equals_ignoring_case(head, kBreaking) || equals_ignoring_case(head, kBreakingDash));
}

bool is_breaking_without_text(std::string_view line) noexcept {
  const std::string_view bare = trim(line);
  return bare.ends_with(':') && is_breaking_token(bare.substr(0, bare.size() - 1));
}

// Goes through the lines after the first; footers begin at a paragraph that begins with one and
// after which no paragraph begins otherwise, or at BREAKING CHANGE.
class TailParser {
 public:
  TailParser(const std::vector<std::string_view>& lines, std::vector<GrammarFault>& faults)
      : lines_(lines), faults_(faults) {}

  CommitTail parse() {
    if (lines_.size() > 1 && !trim(lines_[1]).empty()) {
      faults_.push_back({"body-blank", 1, 0, "an empty line must follow the first line"});
    }
    find_footers();
    read_body();
    for (std::size_t at = footers_; at < lines_.size(); ++at) {
      read_footer_line(at);
    }
    for (CommitFooter& footer : tail_.footers) {
      footer.value.resize(trim_end(footer.value));
    }
    return std::move(tail_);
  }

 private:
  static std::size_t trim_end(std::string_view text) {
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    return last == std::string_view::npos ? 0 : last + 1;
  }

  bool begins_paragraph(std::size_t at) const { return at == 1 || trim(lines_[at - 1]).empty(); }

  void find_footers() {
    footers_ = lines_.size();
    bool goes_on = true;
    for (std::size_t at = lines_.size(); at-- > 1;) {
      const bool is_blank = trim(lines_[at]).empty();
      const auto start = footer_start(lines_[at]);
      if (start && is_breaking_token(start->token)) {
        if (!begins_paragraph(at) && !follows_footer(at)) {
          faults_.push_back({"footer-blank", at, 0, "an empty line must stand before the footers"});
        }
        footers_ = at;
        goes_on = begins_paragraph(at) || follows_footer(at);
      } else if (is_breaking_without_text(lines_[at])) {
        faults_.push_back(
            {"breaking-empty", at, lines_[at].size(), "say on this line what breaks"});
        tail_.breaking = true;
      } else if (is_misspelt_breaking(lines_[at])) {
        faults_.push_back(
            {"breaking-case", at, 0, "BREAKING CHANGE must be written in capital letters"});
      } else if (goes_on && !is_blank && begins_paragraph(at)) {
        goes_on = start.has_value();
        footers_ = goes_on ? at : footers_;
      }
    }
  }

  // Some line of the same paragraph above begins a footer.
  bool follows_footer(std::size_t at) const {
    while (at > 1 && !begins_paragraph(at)) {
      --at;
      if (footer_start(lines_[at])) {
        return true;
      }
    }
    return false;
  }

  void read_body() {
    std::size_t first = 1;
    std::size_t last = std::min(footers_, lines_.size());
    while (first < last && trim(lines_[first]).empty()) {
      ++first;
    }
    while (last > first && trim(lines_[last - 1]).empty()) {
      --last;
    }
    if (first < last) {
      const char* begin = lines_[first].data();
      const char* end = lines_[last - 1].data() + lines_[last - 1].size();
      tail_.body = std::string_view(begin, static_cast<std::size_t>(end - begin));
    }
  }

  void read_footer_line(std::size_t at) {
    const auto start = footer_start(lines_[at]);
    if (!start) {
      if (!tail_.footers.empty()) {
        tail_.footers.back().value.append("\n").append(lines_[at]);
      }
      return;
    }
    tail_.breaking = tail_.breaking || is_breaking_token(start->token);
    tail_.footers.push_back(
        {std::string(start->token), std::string(start->value), {static_cast<int>(at) + 1, 1}});
  }

  const std::vector<std::string_view>& lines_;
  std::vector<GrammarFault>& faults_;
  std::size_t footers_ = 0;  // the first line of them
  CommitTail tail_;
};

}  // namespace

bool is_breaking_token(std::string_view token) noexcept {
  return token == kBreaking || token == kBreakingDash;
}

std::optional<FooterStart> footer_start(std::string_view line) {
  std::size_t end = 0;
  if (line.starts_with(kBreaking)) {
    end = kBreaking.size();
  } else {
    while (end < line.size() && is_token_character(line[end])) {
      ++end;
    }
  }
  const std::string_view token = line.substr(0, end);
  const std::string_view rest = line.substr(end);
  const bool has_colon = rest.starts_with(": ");
  // (a breaking change needs the colon)
  if (token.empty() || (!has_colon && (!rest.starts_with(" #") || is_breaking_token(token)))) {
    return std::nullopt;
  }
  const std::string_view value = trim(rest.substr(2));
  return value.empty() ? std::nullopt : std::optional(FooterStart{token, value});
}

CommitTail parse_commit_tail(const std::vector<std::string_view>& lines,
                             std::vector<GrammarFault>& faults) {
  return TailParser(lines, faults).parse();
}

}  // namespace headway
