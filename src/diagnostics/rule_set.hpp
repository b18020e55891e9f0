// RuleSet: all rules over a log, a line at a time: one pass for the literals that patterns cannot
// do without, then the few patterns that may match, compiled when they are first asked; captures
// only where one did. Knows nothing of files, of categories and of wording.
#pragma once

#include "diagnostics/rule.hpp"
#include "diagnostics/rule_template.hpp"
#include "headway/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// A rule found on a line.
struct RuleHit {
  const Rule* rule = nullptr;  // lives as long as the RuleSet and its copies
  std::int64_t line = 0;       // as it was told
  NamedTexts captures{};       // the named groups that took part
};

// Rules that can be asked. Immutable and thread-safe; copies share everything.
class RuleSet {
 public:
  // Beyond this a line is cut: what rules look for stands at the front.
  static constexpr std::size_t kMaxLineBytes = 4096;

  // An error where a pattern is no RE2 or too large, named with rule and place.
  static Result<RuleSet> compile(std::vector<Rule> rules);
  // The same of patterns that have been tried before; one that is bad never matches.
  static RuleSet of_tried(std::vector<Rule> rules);
  // The rules that are compiled in. Built at the first call, once.
  static const RuleSet& built_in();

  const std::vector<Rule>& rules() const noexcept;
  // The rule of that id, or null.
  const Rule* find(std::string_view id) const noexcept;
  // Patterns that have no literal of three characters and are asked on every line: each costs as
  // much as all others together.
  int patterns_without_literal() const noexcept;
  // What match() found, and room to work in: keep it from line to line.
  struct Matches {
    std::vector<int> rules;         // indices into rules(), ascending, each once
    std::vector<int> literals{};    // of the line
    std::vector<int> candidates{};  // patterns that may match
  };
  // The rules that `line` (no newline, no terminal codes) is a hit of.
  void match(std::string_view line, Matches& matches) const;
  // The hit of rules()[index] on `line`; match() has told that there is one.
  RuleHit capture(int index, std::string_view line, std::int64_t number) const;

 private:
  struct State;
  explicit RuleSet(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

// The hits of a log. Not synchronised: one scan a thread.
class RuleScan {
 public:
  // A rule that hits again and again says nothing new: the first few are kept, the rest counted.
  static constexpr std::size_t kMaxHitsPerRule = 16;

  explicit RuleScan(const RuleSet& rules);  // which outlives the scan
  // The next line, without newline and terminal codes; true where at least one rule hit.
  bool take(std::int64_t number, std::string_view line);
  // In the order of lines; of one line, in the order of rules.
  const std::vector<RuleHit>& hits() const noexcept { return hits_; }
  // How often a rule hit in all.
  std::int64_t count(const Rule& rule) const noexcept;

 private:
  const RuleSet& rules_;
  RuleSet::Matches matches_;
  std::vector<std::int64_t> counts_;
  std::vector<RuleHit> hits_;
};

}  // namespace headway
