// The parser of commit messages: parts with their places, and what breaks the grammar. Knows no
// rule beyond Conventional Commits 1.0.0.
#pragma once

#include "headway/commits.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace headway {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // some editors begin a file so

// The first line, as views into it; offsets in bytes from its start.
struct CommitHeader {
  std::string_view line;
  std::string_view type;   // as written; empty where the line has none
  std::string_view scope;  // empty: none
  std::string_view subject;
  std::size_t scope_at = 0;
  std::size_t subject_at = 0;    // where the subject is, or should begin
  std::size_t broken_at = 0;     // where it stops to be a header, if it does
  bool has_mark = false;         // '!'
  bool is_conventional = false;  // "type(scope)!: " was found, with or without faults
};

// A fault of grammar: its place in bytes.
struct GrammarFault {
  std::string_view rule;
  std::size_t line = 0;  // from 0
  std::size_t offset = 0;
  std::string text;
};

// Reads one line; faults are added to `faults`.
CommitHeader parse_commit_header(std::string_view line, std::vector<GrammarFault>& faults);

// "Token: " or "Token #" at the start of a line.
struct FooterStart {
  std::string_view token;
  std::string_view value;
};
std::optional<FooterStart> footer_start(std::string_view line);
// BREAKING CHANGE or BREAKING-CHANGE.
bool is_breaking_token(std::string_view token) noexcept;

// What follows the first line: views into the message.
struct CommitTail {
  std::string_view body;
  std::vector<CommitFooter> footers;
  bool breaking = false;
};

// `lines` are those of the whole message; the first one is passed over.
CommitTail parse_commit_tail(const std::vector<std::string_view>& lines,
                             std::vector<GrammarFault>& faults);

// The message without the "fixup! " and the like in front of it, and what it is.
struct CommitOrigin {
  CommitKind kind = CommitKind::conventional;
  std::string_view rest;
};
CommitOrigin origin_of(std::string_view line);

}  // namespace headway
