// Literals first, then the patterns that may match: see the header.
#include "diagnostics/rule_set.hpp"

#include "diagnostics/literal_finder.hpp"
#include "diagnostics/rule_pack.hpp"

#include <fmt/format.h>

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace headway {
namespace {

constexpr std::int64_t kMaxPatternBytes = std::int64_t{2} << 20;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxPatternBytes);
  return options;
}

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

// Literals shorter than this are in too many lines to tell anything.
constexpr int kLeastLiteral = 3;

// RE2's literals are in small letters of Unicode, the finder folds ASCII alone: a pattern with
// letters beyond (two-byte UTF-8, and what may be a letter among the longer) is asked on every
// line.
bool has_foreign_letters(std::string_view pattern) {
  return std::any_of(pattern.begin(), pattern.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0xC2 && byte <= 0xE1) || byte >= 0xEA;
  });
}

}  // namespace

struct RuleSet::Compiled {
  std::vector<Rule> rules;
  std::unique_ptr<re2::FilteredRE2> filtered;  // null: every pattern is in `always`
  std::vector<int> rule_of;                    // by the number of the pattern in `filtered`
  std::vector<std::pair<int, std::unique_ptr<RE2>>> always;  // rule and pattern
  std::vector<std::vector<std::unique_ptr<RE2>>> unless;     // by rule
  std::optional<LiteralFinder> literals;
  int without = 0;  // patterns in `filtered` that have no literal

  Result<void> add_pattern(int index, const std::string& text) {
    const Rule& rule = rules[static_cast<std::size_t>(index)];
    if (!has_foreign_letters(text)) {
      if (!filtered) {
        filtered = std::make_unique<re2::FilteredRE2>(kLeastLiteral);
      }
      int number = 0;
      if (filtered->Add(text, options(), &number) == RE2::NoError) {
        rule_of.push_back(index);
        return {};
      }
    }
    auto matcher = std::make_unique<RE2>(text, options());
    if (!matcher->ok()) {
      return pattern_error(rule, text, matcher->error());
    }
    always.emplace_back(index, std::move(matcher));
    return {};
  }

  Result<void> add(int index) {
    const Rule& rule = rules[static_cast<std::size_t>(index)];
    for (const std::string& text : rule.patterns) {
      if (auto added = add_pattern(index, text); !added) {
        return added;
      }
    }
    auto& negatives = unless.emplace_back();
    for (const std::string& text : rule.unless) {
      auto matcher = std::make_unique<RE2>(text, options());
      if (!matcher->ok()) {
        return pattern_error(rule, text, matcher->error());
      }
      negatives.push_back(std::move(matcher));
    }
    return {};
  }

  void finish() {
    std::vector<std::string> texts;
    if (filtered) {
      filtered->Compile(&texts);
      std::vector<int> without_literal;
      filtered->AllPotentials({}, &without_literal);
      without = static_cast<int>(without_literal.size());
    }
    literals.emplace(texts);
  }

  // Asking the tree of literals costs as much as ten lines: lines with the same literals ask once.
  const std::vector<int>& candidates(Matches& matches) const {
    const std::string key(reinterpret_cast<const char*>(matches.literals.data()),
                          matches.literals.size() * sizeof(int));
    const auto known = matches.candidates.find(key);
    if (known != matches.candidates.end()) {
      return known->second;
    }
    if (matches.candidates.size() >= kMaxRemembered) {
      matches.candidates.clear();
    }
    std::vector<int>& made = matches.candidates[key];
    filtered->AllPotentials(matches.literals, &made);
    return made;
  }

  bool is_refused(int rule, re2::StringPiece line) const {
    const auto& negatives = unless[static_cast<std::size_t>(rule)];
    return std::any_of(negatives.begin(), negatives.end(), [line](const auto& negative) {
      return RE2::PartialMatch(line, *negative);
    });
  }

  // The captures of `pattern` on `line`, into `out`; false where it does not match.
  static bool capture(const RE2& pattern, re2::StringPiece line, NamedTexts& out) {
    std::vector<re2::StringPiece> groups(
        static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
    const int count = static_cast<int>(groups.size());
    if (!pattern.Match(line, 0, line.size(), RE2::UNANCHORED, groups.data(), count)) {
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
};

Result<RuleSet> RuleSet::compile(std::vector<Rule> rules) {
  auto compiled = std::make_unique<Compiled>();
  compiled->rules = std::move(rules);
  const int count = static_cast<int>(compiled->rules.size());
  for (int index = 0; index < count; ++index) {
    if (auto added = compiled->add(index); !added) {
      return std::move(added).error();
    }
  }
  compiled->finish();
  return RuleSet(std::move(compiled));
}

const RuleSet& RuleSet::built_in() {
  static const RuleSet kRules = load_built_in_rules();
  return kRules;
}

RuleSet::RuleSet(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;
RuleSet::~RuleSet() = default;

const std::vector<Rule>& RuleSet::rules() const noexcept {
  return compiled_->rules;
}

const Rule* RuleSet::find(std::string_view id) const noexcept {
  const auto found = std::find_if(
      rules().begin(), rules().end(), [id](const Rule& rule) { return rule.id == id; });
  return found == rules().end() ? nullptr : &*found;
}

int RuleSet::patterns_without_literal() const noexcept {
  return compiled_->without + static_cast<int>(compiled_->always.size());
}

void RuleSet::match(std::string_view line, Matches& matches) const {
  std::vector<int>& rules = matches.rules;
  rules.clear();
  const std::string_view part = line.substr(0, kMaxLineBytes);
  const re2::StringPiece piece(part.data(), part.size());
  compiled_->literals->find(part, matches.literals);
  if (compiled_->filtered && (compiled_->without > 0 || !matches.literals.empty())) {
    for (const int pattern : compiled_->candidates(matches)) {
      if (RE2::PartialMatch(piece, compiled_->filtered->GetRE2(pattern))) {
        rules.push_back(compiled_->rule_of[static_cast<std::size_t>(pattern)]);
      }
    }
  }
  for (const auto& [rule, pattern] : compiled_->always) {
    if (RE2::PartialMatch(piece, *pattern)) {
      rules.push_back(rule);
    }
  }
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
  std::erase_if(rules, [this, piece](int rule) { return compiled_->is_refused(rule, piece); });
}

RuleHit RuleSet::capture(int index, std::string_view line, std::int64_t number) const {
  const std::string_view part = line.substr(0, kMaxLineBytes);
  const re2::StringPiece piece(part.data(), part.size());
  RuleHit hit{.rule = &rules()[static_cast<std::size_t>(index)], .line = number, .captures = {}};
  const auto& rule_of = compiled_->rule_of;
  // The patterns of a rule have numbers on end.
  const auto first = std::lower_bound(rule_of.begin(), rule_of.end(), index);
  for (auto at = first; at != rule_of.end() && *at == index; ++at) {
    const int pattern = static_cast<int>(at - rule_of.begin());
    if (Compiled::capture(compiled_->filtered->GetRE2(pattern), piece, hit.captures)) {
      return hit;
    }
  }
  for (const auto& [rule, pattern] : compiled_->always) {
    if (rule == index && Compiled::capture(*pattern, piece, hit.captures)) {
      return hit;
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
