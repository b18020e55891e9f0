// Literals first, then the patterns that may match: see the header.
#include "diagnostics/rule_set.hpp"

#include "diagnostics/literal_finder.hpp"
#include "diagnostics/pattern_cache.hpp"
#include "diagnostics/required_literals.hpp"
#include "diagnostics/rule_pack.hpp"

#include <fmt/format.h>

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace headway {
namespace {

Error pattern_error(const Rule& rule, std::string_view pattern, std::string_view why) {
  return {.code = ErrorCode::invalid_argument,
          .message = fmt::format("{}:{}:{}: rule '{}': pattern '{}' is no RE2: {}",
                                 rule.file,
                                 rule.at.line,
                                 rule.at.column,
                                 rule.id,
                                 pattern,
                                 why),
          .next_step = "see docs/reference/rules.md for what a pattern may be"};
}

void sort_once(std::vector<int>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

re2::StringPiece piece_of(std::string_view line) {
  const std::string_view part = line.substr(0, RuleSet::kMaxLineBytes);
  return {part.data(), part.size()};
}

// The literals of all patterns, each once, and whose they are.
class LiteralIndex {
 public:
  void add(int pattern, std::string_view text) {
    const std::vector<std::string> literals = required_literals(text);
    for (const std::string& literal : literals) {
      patterns_of_[literal].push_back(pattern);
    }
    if (literals.empty()) {
      without_.push_back(pattern);
    }
  }

  LiteralFinder finder(std::vector<std::vector<int>>& patterns) {
    std::vector<std::string> literals;
    for (auto& [literal, numbers] : patterns_of_) {
      literals.push_back(literal);
      patterns.push_back(std::move(numbers));
    }
    return LiteralFinder(std::move(literals));
  }

  const std::vector<int>& without() const noexcept { return without_; }

 private:
  std::map<std::string, std::vector<int>> patterns_of_;
  std::vector<int> without_;
};

}  // namespace

struct RuleSet::State {
  // A pattern of a rule, of `match` or of `unless`.
  struct Pattern {
    int rule = 0;
    const std::string* text = nullptr;  // in `rules`
  };
  // The numbers of a rule's patterns: [begin, unless) and [unless, end).
  struct Span {
    int begin = 0, unless = 0, end = 0;
  };

  explicit State(std::vector<Rule> the_rules) : rules(std::move(the_rules)) {
    LiteralIndex index;
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      const int begin = add_all(static_cast<int>(rule), rules[rule].patterns);
      const int middle = add_all(static_cast<int>(rule), rules[rule].unless);
      for (int number = begin; number < middle; ++number) {
        index.add(number, *patterns[static_cast<std::size_t>(number)].text);
      }
      spans.push_back({begin, middle, static_cast<int>(patterns.size())});
    }
    finder = index.finder(patterns_of_literal);
    always = index.without();
  }

  // The number of the first.
  int add_all(int rule, const std::vector<std::string>& texts) {
    const auto first = static_cast<int>(patterns.size());
    for (const std::string& text : texts) {
      patterns.push_back({.rule = rule, .text = &text});
    }
    return first;
  }

  std::shared_ptr<const RE2> compiled(int number) {
    return cache.get(number, *patterns[static_cast<std::size_t>(number)].text);
  }

  bool is_hit(int number, re2::StringPiece line) {
    const auto pattern = compiled(number);
    return pattern->ok() && RE2::PartialMatch(line, *pattern);
  }

  bool is_refused(int rule, re2::StringPiece line) {
    const Span& span = spans[static_cast<std::size_t>(rule)];
    for (int number = span.unless; number < span.end; ++number) {
      if (is_hit(number, line)) {
        return true;
      }
    }
    return false;
  }

  const std::vector<Rule> rules;
  std::vector<Pattern> patterns;
  std::vector<Span> spans;  // by rule
  std::vector<int> always;  // patterns without a literal
  LiteralFinder finder{{}};
  std::vector<std::vector<int>> patterns_of_literal;
  PatternCache cache;
};

namespace {

// The captures of `pattern` on `line`, into `out`; false where it does not match.
bool capture_with(const RE2& pattern, re2::StringPiece line, NamedTexts& out) {
  std::vector<re2::StringPiece> groups(
      static_cast<std::size_t>(std::max(0, pattern.NumberOfCapturingGroups())) + 1);
  const int count = static_cast<int>(groups.size());
  if (!pattern.ok() ||
      !pattern.Match(line, 0, line.size(), RE2::UNANCHORED, groups.data(), count)) {
    return false;
  }
  for (const auto& [name, group] : pattern.NamedCapturingGroups()) {
    const re2::StringPiece& found = groups[static_cast<std::size_t>(group)];
    if (!found.empty()) {
      out.insert_or_assign(std::string(name_of_group(name)),
                           std::string(found.data(), found.size()));
    }
  }
  return true;
}

}  // namespace

RuleSet::RuleSet(std::shared_ptr<State> state) : state_(std::move(state)) {}

Result<RuleSet> RuleSet::compile(std::vector<Rule> rules) {
  for (const Rule& rule : rules) {
    for (const auto* texts : {&rule.patterns, &rule.unless}) {
      for (const std::string& text : *texts) {
        if (const std::string why = PatternCache::problem_of(text); !why.empty()) {
          return pattern_error(rule, text, why);
        }
      }
    }
  }
  return of_tried(std::move(rules));
}

RuleSet RuleSet::of_tried(std::vector<Rule> rules) {
  return RuleSet(std::make_shared<State>(std::move(rules)));
}

const RuleSet& RuleSet::built_in() {
  static const RuleSet kRules = load_built_in_rules();
  return kRules;
}

const std::vector<Rule>& RuleSet::rules() const noexcept {
  return state_->rules;
}

const Rule* RuleSet::find(std::string_view id) const noexcept {
  const auto found = std::find_if(
      rules().begin(), rules().end(), [id](const Rule& rule) { return rule.id == id; });
  return found == rules().end() ? nullptr : &*found;
}

int RuleSet::patterns_without_literal() const noexcept {
  return static_cast<int>(state_->always.size());
}

void RuleSet::match(std::string_view line, Matches& matches) const {
  const re2::StringPiece piece = piece_of(line);
  state_->finder.find({piece.data(), piece.size()}, matches.literals);
  matches.candidates = state_->always;
  for (const int literal : matches.literals) {
    const auto& patterns = state_->patterns_of_literal[static_cast<std::size_t>(literal)];
    matches.candidates.insert(matches.candidates.end(), patterns.begin(), patterns.end());
  }
  sort_once(matches.candidates);
  matches.rules.clear();
  for (const int number : matches.candidates) {
    const int rule = state_->patterns[static_cast<std::size_t>(number)].rule;
    const bool is_known = !matches.rules.empty() && matches.rules.back() == rule;
    if (!is_known && state_->is_hit(number, piece)) {
      matches.rules.push_back(rule);
    }
  }
  std::erase_if(matches.rules, [this, piece](int rule) { return state_->is_refused(rule, piece); });
}

RuleHit RuleSet::capture(int index, std::string_view line, std::int64_t number) const {
  const auto& span = state_->spans[static_cast<std::size_t>(index)];
  RuleHit hit{.rule = &rules()[static_cast<std::size_t>(index)], .line = number, .captures = {}};
  for (int pattern = span.begin; pattern < span.unless; ++pattern) {
    if (capture_with(*state_->compiled(pattern), piece_of(line), hit.captures)) {
      break;
    }
  }
  return hit;
}

RuleScan::RuleScan(const RuleSet& rules) : rules_(rules), counts_(rules.rules().size(), 0) {}

bool RuleScan::take(std::int64_t number, std::string_view line) {
  rules_.match(line, matches_);
  for (const int index : matches_.rules) {
    std::int64_t& count = counts_[static_cast<std::size_t>(index)];
    if (count < static_cast<std::int64_t>(kMaxHitsPerRule)) {
      hits_.push_back(rules_.capture(index, line, number));
    }
    ++count;
  }
  return !matches_.rules.empty();
}

std::int64_t RuleScan::count(const Rule& rule) const noexcept {
  return counts_[static_cast<std::size_t>(&rule - rules_.rules().data())];
}

}  // namespace headway
