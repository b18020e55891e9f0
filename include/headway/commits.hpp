// Commit messages by Conventional Commits 1.0.0 (conventionalcommits.org): what a message says,
// with places, and whether it keeps a set of rules. Knows no git and no workflow file.
// layer: change
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// A place in a text: line and column from 1; columns count characters, not bytes.
struct TextPosition {
  int line = 1;
  int column = 1;

  bool operator==(const TextPosition&) const = default;
};

// One footer: "Reviewed-by: Z" or "Closes #12" (whose value is "12"). A value may have many lines.
struct CommitFooter {
  std::string token;
  std::string value;
  TextPosition at;
};

// Where a message comes from. All but the first are written by git, and not meant to be
// conventional.
enum class CommitKind {
  conventional,  // by a person: it should be
  merge,         // "Merge branch 'x'", "Merge pull request #1 from y"
  revert,        // 'Revert "feat: x"', 'Reapply "feat: x"'
  fixup,         // "fixup! feat: x", and the same with amend!
  squash,        // "squash! feat: x"
};

// "conventional", "merge", ...: the spelling in JSON. Never fails.
std::string_view to_string(CommitKind kind) noexcept;

// What a message says, as far as it can be read. Of a kind that git wrote only that is known.
struct CommitMessage {
  CommitKind kind = CommitKind::conventional;
  std::string type;     // in lower case
  std::string scope;    // without parentheses; empty: none
  std::string subject;  // what follows "type(scope): "; the whole first line where that is missing
  std::string body;
  std::vector<CommitFooter> footers;
  bool breaking = false;  // '!', or a footer BREAKING CHANGE or BREAKING-CHANGE
};

// One thing that is wrong, and where. `rule` is a stable name, such as "type-unknown"
// (docs/reference/commits.md lists them).
struct CommitIssue {
  std::string rule;
  TextPosition at;
  std::string text;
};

// What was found in a message.
struct CommitReport {
  CommitMessage message;
  std::vector<CommitIssue> issues;  // by place

  bool valid() const noexcept { return issues.empty(); }
};

// How strict. The grammar of Conventional Commits holds in all of them.
enum class CommitProfile {
  standard,  // "default": first line up to 72 characters, subject not capitalised
  relaxed,   // first line up to 100 characters, subject in any case
  strict,    // first line up to 50, subject capitalised, no full stop, lines of the body up to 72
};

// What is done with a message that git wrote.
enum class CommitPolicy {
  accept,  // it is valid as it is
  check,   // it is checked like any other: after "fixup! " what follows
  refuse,  // it is an issue
};

// The types of the Angular convention: feat, fix, docs, style, refactor, perf, test, build, ci,
// chore, revert.
std::vector<std::string> standard_commit_types();

// The rules of a repository.
struct CommitRules {
  CommitProfile profile = CommitProfile::standard;
  std::vector<std::string> types = standard_commit_types();  // in lower case
  bool needs_issue = false;  // a reference such as #12 or ABC-12 must stand somewhere
  CommitPolicy merge = CommitPolicy::accept;
  CommitPolicy revert = CommitPolicy::accept;
  CommitPolicy fixup = CommitPolicy::accept;  // and squash
};

// A message as a fixed one, and whether anything is left to do by hand.
struct CommitProposal {
  std::string message;  // whole; as given where nothing can be mended
  bool changed = false;
  bool valid = false;  // the proposed message keeps the rules
};

// Checks messages against one set of rules. Immutable: safe from any thread.
class CommitValidator {
 public:
  explicit CommitValidator(CommitRules rules = {});

  // `message` as git keeps it, without comments (see without_git_comments). Bad UTF-8 is read byte
  // by byte. Takes about a microsecond a message.
  CommitReport check(std::string_view message) const;

  // Mends what a rule can mend: the type from the words of the first line, spaces, case, full stop,
  // the empty line before the body. Never fails; never changes what the body says.
  CommitProposal propose(std::string_view message) const;

  const CommitRules& rules() const noexcept { return rules_; }

 private:
  CommitRules rules_;
};

// The message in a file that git gives to an editor or a hook: without lines that begin with the
// comment character ('#', or what the file's own last lines show), without all below the scissors,
// without blank lines around it.
std::string without_git_comments(std::string_view text);

}  // namespace headway
