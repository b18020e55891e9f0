// The first line of a commit message; see commit_parser.hpp. The grammar is in
// docs/reference/commits.md.
#include "base/text.hpp"
#include "change/commit_parser.hpp"

#include <fmt/format.h>

#include <array>

namespace headway {
namespace {

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
}
bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

// Reads from left to right; after a fault that leaves no doubt of what is meant it goes on.
class HeaderParser {
 public:
  HeaderParser(std::string_view line, std::vector<GrammarFault>& faults)
      : line_(line), faults_(faults) {
    header_.line = line;
  }

  CommitHeader parse() {
    if (!read_type() || !read_scope() || !read_mark()) {
      header_.broken_at = at_;
      header_.subject = line_;
      header_.subject_at = 0;
      return header_;
    }
    header_.is_conventional = true;
    read_subject();
    return header_;
  }

 private:
  char here() const noexcept { return at_ < line_.size() ? line_[at_] : '\0'; }

  void fault(std::string_view rule, std::size_t offset, std::string text) {
    faults_.push_back({rule, 0, offset, std::move(text)});
  }

  // Blanks where none may be.
  void pass_blanks(std::string_view before_what) {
    const std::size_t begin = at_;
    while (is_blank(here())) {
      ++at_;
    }
    if (at_ > begin) {
      fault("header-space", begin, fmt::format("no space may stand before {}", before_what));
    }
  }

  bool read_type() {
    if (line_.empty()) {
      fault("header-empty", 0, "the message has no first line");
      return false;
    }
    if (line_.starts_with(kByteOrderMark)) {
      fault("header-format", 0, "a byte order mark stands before the type: save without it");
      at_ = kByteOrderMark.size();
    }
    pass_blanks("the type");
    const std::size_t begin = at_;
    while (is_word(here())) {
      ++at_;
    }
    header_.type = line_.substr(begin, at_ - begin);
    const std::size_t end = at_;
    while (is_blank(here())) {
      ++at_;
    }
    const bool goes_on = here() == '(' || here() == ':' || here() == '!';
    const bool is_type = !header_.type.empty() && is_letter(header_.type.front());
    if (!is_type || !goes_on || (at_ > end && !is_header_after_blank())) {
      header_.type = {};
      fault("header-format",
            is_type ? end : begin,
            "the first line must begin with a type, a colon and a space, as 'fix: '");
      return false;
    }
    if (at_ > end) {
      fault("header-space", end, fmt::format("no space may stand before '{}'", here()));
    }
    return true;
  }

  // "feat (x): y" is meant as a type with a scope, "see (x) there" is not.
  bool is_header_after_blank() const {
    const std::size_t close = here() == '(' ? line_.find(')', at_) : at_;
    if (close == std::string_view::npos) {
      return false;
    }
    const std::size_t colon = line_.find(':', close);
    const std::size_t word = line_.find_first_not_of(" \t!", here() == '(' ? close + 1 : at_);
    return colon != std::string_view::npos && colon == word;
  }

  bool read_scope() {
    if (here() != '(') {
      return true;
    }
    const std::size_t open = at_;
    const std::size_t close = line_.find(')', open);
    if (close == std::string_view::npos) {
      fault("scope-open", open, "the scope is not closed: ')' is missing");
      return false;
    }
    header_.scope = line_.substr(open + 1, close - open - 1);
    header_.scope_at = open + 1;
    at_ = close + 1;
    const std::string_view bare = trim(header_.scope);
    if (bare.empty()) {
      fault("scope-empty", open, "the scope is empty: name a part of the code, or leave () out");
    } else if (bare.size() != header_.scope.size() || bare.find('(') != std::string_view::npos) {
      fault("scope-format",
            open + 1,
            "the scope must be a noun in parentheses, without spaces around it");
    }
    header_.scope = bare;
    return true;
  }

  bool read_mark() {
    pass_blanks("':'");
    if (here() == '!') {
      header_.has_mark = true;
      ++at_;
      pass_blanks("':'");
    }
    if (here() == ':') {
      ++at_;
      return true;
    }
    if (header_.has_mark && here() == '(') {
      fault("header-format", at_ - 1, "'!' stands after the scope, as 'feat(api)!: '");
    } else {
      fault("header-format", at_, "':' is missing after the type and its scope");
    }
    return false;
  }

  void read_subject() {
    const std::size_t begin = at_;
    while (is_blank(here())) {
      ++at_;
    }
    header_.subject_at = at_;
    header_.subject = trim(line_.substr(at_));
    if (header_.subject.empty()) {
      fault("subject-empty", line_.size(), "the subject is missing: say what the change does");
    } else if (at_ - begin != 1 || line_[begin] != ' ') {
      fault("subject-space",
            begin,
            at_ == begin ? "a space must follow the colon" : "one space must follow the colon");
    }
  }

  std::string_view line_;
  std::vector<GrammarFault>& faults_;
  CommitHeader header_;
  std::size_t at_ = 0;
};

}  // namespace

CommitHeader parse_commit_header(std::string_view line, std::vector<GrammarFault>& faults) {
  return HeaderParser(line, faults).parse();
}

CommitOrigin origin_of(std::string_view line) {
  struct Prefix {
    std::string_view text;
    CommitKind kind;
    bool is_removed;
  };
  // What git itself writes (git-merge, git-fmt-merge-msg, git-revert, git-commit --fixup), and the
  // web sites that merge for people.
  static constexpr std::array kPrefixes{Prefix{"fixup! ", CommitKind::fixup, true},
                                        Prefix{"amend! ", CommitKind::fixup, true},
                                        Prefix{"squash! ", CommitKind::squash, true},
                                        Prefix{"Revert \"", CommitKind::revert, false},
                                        Prefix{"Reapply \"", CommitKind::revert, false},
                                        Prefix{"Merge branch", CommitKind::merge, false},
                                        Prefix{"Merge remote-tracking ", CommitKind::merge, false},
                                        Prefix{"Merge remote branch ", CommitKind::merge, false},
                                        Prefix{"Merge pull request ", CommitKind::merge, false},
                                        Prefix{"Merge tag", CommitKind::merge, false},
                                        Prefix{"Merge commit", CommitKind::merge, false},
                                        Prefix{"Merged in ", CommitKind::merge, false},
                                        Prefix{"Merged PR ", CommitKind::merge, false},
                                        Prefix{"Automatic merge", CommitKind::merge, false}};
  CommitOrigin origin{CommitKind::conventional, line};
  for (const Prefix& prefix : kPrefixes) {
    if (!line.starts_with(prefix.text)) {
      continue;
    }
    if (!prefix.is_removed) {
      return {prefix.kind, line};
    }
    origin = {prefix.kind, line.substr(prefix.text.size())};
    // "fixup! fixup! feat: x" is one too.
    while (origin.rest.starts_with(prefix.text)) {
      origin.rest.remove_prefix(prefix.text.size());
    }
    return origin;
  }
  return origin;
}

}  // namespace headway
