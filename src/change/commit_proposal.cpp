// CommitValidator::propose: what can be mended in the first line, and the empty line before the
// body. Judges nothing itself: the proposal is checked like any message.
#include "base/text.hpp"
#include "change/commit_parser.hpp"
#include "change/commit_words.hpp"
#include "headway/commits.hpp"

#include <algorithm>

namespace headway {
namespace {

bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

// The case that the profile wants; names such as HTTP stay as they are.
void mend_case(std::string& subject, CommitProfile profile) {
  if (subject.empty() || profile == CommitProfile::relaxed) {
    return;
  }
  char& first = subject.front();
  const std::string_view word = std::string_view(subject).substr(0, subject.find(' '));
  const bool is_word = std::all_of(word.begin() + 1, word.end(), is_lower);
  if (profile == CommitProfile::strict && is_lower(first)) {
    first = static_cast<char>(first - 'a' + 'A');
  } else if (profile == CommitProfile::standard && is_upper(first) && is_word) {
    first = static_cast<char>(first - 'A' + 'a');
  }
}

// "type subject" or "type - subject" without the colon: the type, and what follows it.
std::string_view leading_type(std::string_view line, const std::vector<std::string>& types) {
  const std::string_view word = line.substr(0, line.find_first_of(" \t"));
  return std::find(types.begin(), types.end(), word) == types.end() ? std::string_view() : word;
}

// Type, scope and subject as they are meant.
struct MeantHeader {
  std::string type;
  std::string_view scope;
  std::string_view subject;
  bool has_mark = false;
};

std::string_view without_separators(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t:-");
  return begin == std::string_view::npos ? std::string_view() : trim(text.substr(begin));
}

MeantHeader meant_header(std::string_view line, const CommitRules& rules) {
  std::vector<GrammarFault> faults;
  const CommitHeader header = parse_commit_header(line, faults);
  if (header.is_conventional) {
    return {known_type(header.type, rules.types), header.scope, header.subject, header.has_mark};
  }
  // "feat(api) x" and "feat x" lack the colon alone; anything else has no type yet.
  const std::string_view bare = trim(line);
  const std::string_view lead = header.type.empty() ? leading_type(bare, rules.types) : header.type;
  if (!lead.empty() && leading_type(lead, rules.types) == lead) {
    const std::string_view rest =
        header.type.empty() ? bare.substr(lead.size()) : line.substr(header.broken_at);
    return {std::string(lead), header.scope, without_separators(rest), header.has_mark};
  }
  return {type_from_words(bare, rules.types), {}, bare};
}

std::string mended_header(std::string_view line, const CommitRules& rules) {
  auto [type, scope, meant, has_mark] = meant_header(line, rules);
  std::string subject(meant);
  if (type.empty()) {
    type = type_from_words(line, rules.types);
  }
  if (rules.profile == CommitProfile::strict) {
    subject.resize(subject.find_last_not_of(". \t") + 1);  // (npos + 1 is 0)
  }
  if (subject.empty()) {
    return std::string(line);  // nobody but its author knows what to say
  }
  mend_case(subject, rules.profile);
  const std::string part = scope.empty() ? "" : "(" + std::string(scope) + ")";
  std::string mended = type + part + (has_mark ? "!: " : ": ") + subject;
  std::vector<GrammarFault> left;  // (parentheses within the scope are nothing to guess at)
  parse_commit_header(mended, left);
  return left.empty() ? mended : std::string(line);
}

}  // namespace

CommitProposal CommitValidator::propose(std::string_view message) const {
  CommitProposal proposal{std::string(message), false, check(message).valid()};
  if (proposal.valid) {
    return proposal;
  }
  const std::size_t end = std::min(message.find('\n'), message.size());
  std::string_view line = message.substr(0, end);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  if (line.starts_with(kByteOrderMark)) {
    line.remove_prefix(kByteOrderMark.size());
  }
  const CommitOrigin origin = origin_of(line);
  const bool is_mendable =
      origin.kind == CommitKind::conventional ||
      ((origin.kind == CommitKind::fixup || origin.kind == CommitKind::squash) &&
       rules_.fixup == CommitPolicy::check);
  if (!is_mendable) {
    return proposal;
  }
  const std::string_view prefix = line.substr(0, line.size() - origin.rest.size());
  const std::string_view rest = message.substr(end);
  const std::size_t next = rest.find('\n', 1);
  const std::string_view second = rest.empty() ? "" : rest.substr(1, next - 1);
  std::string fixed = std::string(prefix) + mended_header(origin.rest, rules_);
  fixed += trim(second).empty() ? "" : "\n";
  fixed += rest;
  proposal.changed = fixed != proposal.message;
  proposal.message = std::move(fixed);
  proposal.valid = check(proposal.message).valid();
  return proposal;
}

}  // namespace headway
