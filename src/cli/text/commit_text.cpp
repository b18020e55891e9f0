// See commit_text.hpp.
#include "cli/text/commit_text.hpp"

#include "base/json_writer.hpp"
#include "cli/terminal/text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway::cli {
namespace {

constexpr std::size_t kShortId = 10;

constexpr int kMostColumns = 200;  // of a message that is one line of a megabyte

std::string shown_line(const std::string& line) {
  return cut_to_width(printable(line), kMostColumns);
}

bool is_object_id(const std::string& text) {
  return text.size() >= 40 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void write_or_null(JsonWriter& json, std::string_view name, const std::string& text) {
  json.key(name);
  text.empty() ? json.null() : json.string(text);
}

}  // namespace

std::string issues_text(const CheckedCommit& commit, const Paint& paint) {
  if (commit.report.valid()) {
    return {};
  }
  const std::string id = is_object_id(commit.id) ? commit.id.substr(0, kShortId) : commit.id;
  std::string text =
      fmt::format("{}: {}\n",
                  paint(Tone::strong, printable(id)),
                  commit.first_line.empty() ? "(empty)" : shown_line(commit.first_line));
  for (const CommitIssue& issue : commit.report.issues) {
    text += fmt::format("  {} {} {}\n",
                        paint(Tone::bad, fmt::format("{}:{}", issue.at.line, issue.at.column)),
                        printable(issue.text),
                        paint(Tone::dim, "[" + issue.rule + "]"));
  }
  if (!commit.suggestion.empty()) {
    text += fmt::format("  try: {}\n", paint(Tone::good, shown_line(commit.suggestion)));
  }
  return text;
}

std::string commits_document(const std::vector<CheckedCommit>& commits, const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  json.begin_object().field("format", 1).key("commits").begin_array();
  for (const CheckedCommit& commit : commits) {
    const CommitMessage& message = commit.report.message;
    json.begin_object().field("id", commit.id).field("valid", commit.report.valid());
    json.field_token("kind", to_string(message.kind));
    write_or_null(json, "type", message.type);
    write_or_null(json, "scope", message.scope);
    json.field("breaking", message.breaking).field("subject", message.subject);
    json.key("issues").begin_array();
    for (const CommitIssue& issue : commit.report.issues) {
      json.begin_object().field_token("rule", issue.rule).key("at").begin_object();
      json.field("line", issue.at.line).field("column", issue.at.column).end_object();
      json.field("text", issue.text).end_object();
    }
    json.end_array();
    write_or_null(json, "suggestion", commit.suggestion);
    json.end_object();
  }
  json.end_array().end_object();
  return text;
}

}  // namespace headway::cli
