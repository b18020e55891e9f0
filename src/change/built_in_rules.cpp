// choose_lane by the built-in rules, in the order of docs/reference/lanes.md. Pure.
#include "base/text.hpp"
#include "change/commit_parser.hpp"
#include "headway/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace headway {
namespace {

constexpr long long kLargeRefactor = 10;  // code and test files
constexpr long long kMuchCodeWithCi = 5;
constexpr long long kManyFiles = 20;
constexpr long long kManyLines = 500;

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

bool is_word_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word_character(text[at - 1])) &&
        (end == text.size() || !is_word_character(text[end]))) {
      return true;
    }
  }
  return false;
}

std::string_view first_line(std::string_view message) {
  return trim(message.substr(0, message.find('\n')));
}

bool is_breaking(std::string_view message) {
  std::vector<GrammarFault> faults;
  const CommitHeader header = parse_commit_header(first_line(message), faults);
  return (header.is_conventional && header.has_mark) ||
         parse_commit_tail(split(message, '\n'), faults).breaking;
}

bool is_about_security(std::string_view message) {
  return has_word(lowered(message), "cve") || has_word(lowered(first_line(message)), "security");
}

bool is_refactor(std::string_view message) {
  std::vector<GrammarFault> faults;
  const CommitHeader header = parse_commit_header(first_line(message), faults);
  return header.is_conventional && lowered(header.type) == "refactor";
}

// A folder of that name, in any case, at any depth.
bool is_sensitive(std::string_view path) {
  const std::string lower = lowered(path);
  const std::vector<std::string_view> parts = split(lower, '/');
  return std::any_of(parts.begin(), parts.end() - 1, [](std::string_view part) {
    return part == "auth" || part == "security" || part == "crypto";
  });
}

// What the rules look at, counted once.
struct Counts {
  long long files = 0, lines = 0, by_kind[6] = {};
  std::string breaking, security, sensitive;  // the first of each, or empty
  bool has_refactor = false;

  explicit Counts(const Change& change) {
    files = static_cast<long long>(change.files.size());
    lines = change.lines_added() + change.lines_deleted();
    for (const ChangedFile& file : change.files) {
      ++by_kind[static_cast<int>(classify_file(file.path, file.executable).kind)];
      for (const std::string& path : {file.path, file.old_path}) {
        if (sensitive.empty() && is_sensitive(path)) {
          sensitive = path;
        }
      }
    }
    for (const std::string& message : change.messages) {
      breaking = breaking.empty() && is_breaking(message) ? first_line(message) : breaking;
      security = security.empty() && is_about_security(message) ? first_line(message) : security;
      has_refactor = has_refactor || is_refactor(message);
    }
  }

  long long of(FileRole kind) const noexcept { return by_kind[static_cast<int>(kind)]; }
  long long code() const noexcept { return of(FileRole::code) + of(FileRole::test); }
};

std::vector<LaneRule> rules_of(const Change& change) {
  const Counts counts(change);
  std::vector<LaneRule> rules;
  const auto add = [&rules](const char* rule, const char* lane, bool holds, std::string fact) {
    rules.push_back({rule, lane, holds, std::move(fact)});
  };
  const auto quoted = [](const std::string& text, const char* none) {
    return text.empty() ? std::string(none) : "'" + text + "'";
  };
  add("breaking_commit",
      "heavy",
      !counts.breaking.empty(),
      quoted(counts.breaking, "no commit breaks anything"));
  add("security_commit",
      "heavy",
      !counts.security.empty(),
      quoted(counts.security, "no commit speaks of security"));
  add("security_path",
      "heavy",
      !counts.sensitive.empty(),
      quoted(counts.sensitive, "no path under auth, security or crypto"));
  add("only_documents",
      "docs",
      counts.files > 0 && counts.of(FileRole::docs) == counts.files,
      fmt::format("{} of {} files are documents", counts.of(FileRole::docs), counts.files));
  add("large_refactor",
      "heavy",
      counts.has_refactor && counts.code() > kLargeRefactor,
      fmt::format("{}, {} code and test files, limit {}",
                  counts.has_refactor ? "a refactor" : "no refactor",
                  counts.code(),
                  kLargeRefactor));
  const long long ci = counts.of(FileRole::ci) + counts.of(FileRole::build);
  add("ci_with_code",
      "heavy",
      ci > 0 && counts.code() > kMuchCodeWithCi,
      fmt::format("{} CI and build files, {} code and test files, limit {}",
                  ci,
                  counts.code(),
                  kMuchCodeWithCi));
  const bool is_large =
      counts.files > kManyFiles || counts.lines > kManyLines || !change.knows_lines;
  add("large_change",
      "heavy",
      is_large,
      fmt::format("{} files, limit {}; {} lines, limit {}",
                  counts.files,
                  kManyFiles,
                  change.knows_lines ? std::to_string(counts.lines) : "unknown",
                  kManyLines));
  return rules;
}

}  // namespace

LaneDecision choose_lane(const Change& change) {
  constexpr const char* kDefault = "standard";
  if (!change.knows_files) {
    return {kDefault, "no_change_known", change.base_source, {}};
  }
  LaneDecision decision{kDefault, "otherwise", "no rule holds", rules_of(change)};
  if (change.empty()) {
    decision.rule = "nothing_changed";
    decision.why = "nothing changed";
    return decision;
  }
  for (const LaneRule& rule : decision.rules) {
    if (rule.holds) {
      decision.lane = rule.lane;
      decision.rule = rule.rule;
      decision.why = rule.fact;
      return decision;
    }
  }
  return decision;
}

}  // namespace headway
