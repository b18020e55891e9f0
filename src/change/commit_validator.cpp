// CommitValidator::check: the rules over what the parser found. Mending is in commit_proposal.cpp.
#include "base/text.hpp"
#include "change/commit_parser.hpp"
#include "headway/commits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

constexpr int kStandardWidth = 72;  // what `git log` shows in a terminal of 80 columns
constexpr int kRelaxedWidth = 100;
constexpr int kStrictWidth = 50;  // git-commit(1), "Discussion"
constexpr int kStrictBodyWidth = 72;

int characters(std::string_view text) noexcept {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// "Add" is a capitalised word; "HTTP", "JavaScript" and "README.md" are names.
bool is_capitalised(std::string_view subject) noexcept {
  const std::string_view word = subject.substr(0, subject.find(' '));
  return !word.empty() && is_upper(word.front()) && (word.size() > 1 || word == "A") &&
         std::all_of(word.begin() + 1, word.end(), is_lower);
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// "#12" or "ABC-12" at `at`, which is the '#' or the '-'.
bool is_reference_at(std::string_view text, std::size_t at) noexcept {
  if (at + 1 >= text.size() || !is_digit(text[at + 1])) {
    return false;
  }
  return text[at] == '#' ||
         (at >= 2 && is_upper(text[at - 2]) && (is_upper(text[at - 1]) || is_digit(text[at - 1])));
}

bool has_reference(std::string_view text) noexcept {
  for (std::size_t at = text.find_first_of("#-"); at != std::string_view::npos;
       at = text.find_first_of("#-", at + 1)) {
    if (is_reference_at(text, at)) {
      return true;
    }
  }
  return false;
}

std::vector<std::string_view> lines_of(std::string_view message) {
  std::vector<std::string_view> lines = split(message, '\n');
  for (std::string_view& line : lines) {
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
  }
  while (lines.size() > 1 && trim(lines.back()).empty()) {
    lines.pop_back();
  }
  return lines;
}

// One message against one set of rules.
class Check {
 public:
  Check(const CommitRules& rules, std::string_view message)
      : rules_(rules), lines_(lines_of(message)) {}

  CommitReport run() {
    const CommitOrigin origin = origin_of(lines_[0]);
    report_.message.kind = origin.kind;
    const CommitPolicy policy = policy_of(origin.kind);
    if (policy == CommitPolicy::check) {
      shift_ = lines_[0].size() - origin.rest.size();
      header_ = parse_commit_header(origin.rest, faults_);
      check_header();
      check_tail();
      check_reference();
    } else {
      report_.message.subject = origin.rest;
      if (policy == CommitPolicy::refuse) {
        refuse(origin.kind);
      }
    }
    place_issues();
    return std::move(report_);
  }

 private:
  CommitPolicy policy_of(CommitKind kind) const noexcept {
    switch (kind) {
      case CommitKind::conventional:
        return CommitPolicy::check;
      case CommitKind::merge:
        return rules_.merge;
      case CommitKind::revert:
        return rules_.revert;
      case CommitKind::fixup:
      case CommitKind::squash:
        return rules_.fixup;
    }
    return CommitPolicy::check;
  }

  void refuse(CommitKind kind) {
    faults_.push_back({"not-allowed",
                       0,
                       0,
                       kind == CommitKind::fixup || kind == CommitKind::squash
                           ? "it waits to be squashed: git rebase -i --autosquash"
                           : fmt::format("a {} commit is not allowed here", to_string(kind))});
  }

  void header_fault(std::string_view rule, std::size_t offset, std::string text) {
    faults_.push_back({rule, 0, offset, std::move(text)});
  }

  void check_header() {
    CommitMessage& message = report_.message;
    message.subject = header_.subject;
    if (header_.is_conventional) {
      message.type = lowered(header_.type);
      message.scope = header_.scope;
      message.breaking = header_.has_mark;
      check_type();
      check_subject();
    }
    const int most = rules_.profile == CommitProfile::strict    ? kStrictWidth
                     : rules_.profile == CommitProfile::relaxed ? kRelaxedWidth
                                                                : kStandardWidth;
    if (const int width = characters(header_.line); width > most) {
      header_fault(
          "header-length",
          offset_of(header_.line, most),
          fmt::format("the first line has {} characters, at most {} are allowed", width, most));
    }
  }

  static std::size_t offset_of(std::string_view line, int character) {
    std::size_t at = 0;
    for (; at < line.size(); ++at) {
      if ((static_cast<unsigned char>(line[at]) & 0xC0U) != 0x80U && character-- == 0) {
        break;
      }
    }
    return at;
  }

  void check_type() {
    const auto& types = rules_.types;
    const std::string& type = report_.message.type;
    if (std::find(types.begin(), types.end(), type) == types.end()) {
      const auto at = static_cast<std::size_t>(header_.type.data() - header_.line.data());
      header_fault("type-unknown",
                   at,
                   fmt::format("type '{}' is not one of {}", header_.type, join(types, ", ")));
    }
  }

  void check_subject() {
    const std::string_view subject = header_.subject;
    if (subject.empty()) {
      return;
    }
    if (rules_.profile == CommitProfile::standard && is_capitalised(subject)) {
      header_fault("subject-case", header_.subject_at, "the subject must not be capitalised");
    }
    if (rules_.profile != CommitProfile::strict) {
      return;
    }
    if (is_lower(subject.front())) {
      header_fault("subject-case", header_.subject_at, "the subject must begin upper case");
    }
    if (subject.ends_with('.')) {
      header_fault("subject-stop",
                   header_.subject_at + subject.size() - 1,
                   "the subject must not end with a full stop");
    }
  }

  void check_tail() {
    if (lines_.size() < 2) {
      return;
    }
    CommitTail tail = parse_commit_tail(lines_, faults_);
    report_.message.body = tail.body;
    report_.message.footers = std::move(tail.footers);
    report_.message.breaking = report_.message.breaking || tail.breaking;
    for (std::size_t at = 1; rules_.profile == CommitProfile::strict && at < lines_.size(); ++at) {
      check_width(at);
    }
  }

  // A line without a space in it (an address, a path) cannot be broken.
  void check_width(std::size_t at) {
    const std::string_view line = lines_[at];
    const int width = characters(line);
    if (width > kStrictBodyWidth && trim(line).find(' ') != std::string_view::npos) {
      faults_.push_back(
          {"body-length",
           at,
           offset_of(line, kStrictBodyWidth),
           fmt::format(
               "the line has {} characters, at most {} are allowed", width, kStrictBodyWidth)});
    }
  }

  void check_reference() {
    if (rules_.needs_issue && std::none_of(lines_.begin(), lines_.end(), has_reference)) {
      header_fault(
          "issue-missing", header_.line.size(), "no issue is named: add one such as #12 or ABC-12");
    }
  }

  void place_issues() {
    for (GrammarFault& fault : faults_) {
      const std::size_t offset = fault.offset + (fault.line == 0 ? shift_ : 0);
      const std::string_view line = lines_[fault.line];
      report_.issues.push_back(
          {std::string(fault.rule),
           {static_cast<int>(fault.line) + 1, characters(line.substr(0, offset)) + 1},
           std::move(fault.text)});
    }
    std::stable_sort(
        report_.issues.begin(), report_.issues.end(), [](const auto& a, const auto& b) {
          return a.at.line != b.at.line ? a.at.line < b.at.line : a.at.column < b.at.column;
        });
  }

  const CommitRules& rules_;
  std::vector<std::string_view> lines_;  // never empty
  std::size_t shift_ = 0;                // bytes before what is checked of the first line
  CommitHeader header_;
  std::vector<GrammarFault> faults_;
  CommitReport report_;
};

}  // namespace

std::string_view to_string(CommitKind kind) noexcept {
  switch (kind) {
    case CommitKind::conventional:
      return "conventional";
    case CommitKind::merge:
      return "merge";
    case CommitKind::revert:
      return "revert";
    case CommitKind::fixup:
      return "fixup";
    case CommitKind::squash:
      return "squash";
  }
  return "conventional";
}

std::vector<std::string> standard_commit_types() {
  return {
      "feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci", "chore", "revert"};
}

CommitValidator::CommitValidator(CommitRules rules) : rules_(std::move(rules)) {}

CommitReport CommitValidator::check(std::string_view message) const {
  return Check(rules_, message).run();
}

}  // namespace headway
