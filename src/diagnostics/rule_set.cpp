// RE2::Set as the automaton of all patterns: see the header.
#include "diagnostics/rule_set.hpp"

#include "diagnostics/rule_pack.hpp"

#include <fmt/format.h>

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <string>
#include <utility>

namespace headway {
namespace {

// The states of the automaton that a log brings about are kept up to this; measured: 440 logs of
// all kinds stay below a third of it.
constexpr std::int64_t kMaxAutomatonBytes = std::int64_t{96} << 20;
constexpr std::int64_t kMaxPatternBytes = std::int64_t{2} << 20;

RE2::Options options(std::int64_t max_bytes) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(max_bytes);
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

// One compiled pattern and whose it is.
struct Pattern {
  int rule = 0;
  std::unique_ptr<RE2> matcher;
};

}  // namespace

struct RuleSet::Compiled {
  std::vector<Rule> rules;
  std::vector<Pattern> patterns;                          // by their number in the set
  std::vector<std::vector<std::unique_ptr<RE2>>> unless;  // by rule
  RE2::Set set{options(kMaxAutomatonBytes), RE2::UNANCHORED};

  Result<void> add(int index) {
    const Rule& rule = rules[static_cast<std::size_t>(index)];
    for (const std::string& text : rule.patterns) {
      auto matcher = std::make_unique<RE2>(text, options(kMaxPatternBytes));
      std::string why;
      if (!matcher->ok() || set.Add(text, &why) < 0) {
        return pattern_error(rule, text, matcher->ok() ? why : matcher->error());
      }
      patterns.push_back({.rule = index, .matcher = std::move(matcher)});
    }
    auto& negatives = unless.emplace_back();
    for (const std::string& text : rule.unless) {
      auto matcher = std::make_unique<RE2>(text, options(kMaxPatternBytes));
      if (!matcher->ok()) {
        return pattern_error(rule, text, matcher->error());
      }
      negatives.push_back(std::move(matcher));
    }
    return {};
  }

  bool is_refused(int rule, std::string_view line) const {
    const auto& negatives = unless[static_cast<std::size_t>(rule)];
    return std::any_of(negatives.begin(), negatives.end(), [line](const auto& negative) {
      return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *negative);
    });
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
  if (!compiled->set.Compile()) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("the patterns of {} rules together are too large", count),
                 .next_step = "shorten repetitions such as {1,1000} in your own rules"};
  }
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

void RuleSet::match(std::string_view line, std::vector<int>& indices) const {
  indices.clear();
  const std::string_view part = line.substr(0, kMaxLineBytes);
  const re2::StringPiece piece(part.data(), part.size());
  if (rules().empty() || !compiled_->set.Match(piece, &indices)) {
    return;
  }
  for (int& index : indices) {
    index = compiled_->patterns[static_cast<std::size_t>(index)].rule;
  }
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  std::erase_if(indices, [this, part](int rule) { return compiled_->is_refused(rule, part); });
}

RuleHit RuleSet::capture(int index, std::string_view line, std::int64_t number) const {
  const std::string_view part = line.substr(0, kMaxLineBytes);
  const re2::StringPiece piece(part.data(), part.size());
  RuleHit hit{.rule = &rules()[static_cast<std::size_t>(index)], .line = number};
  for (const Pattern& pattern : compiled_->patterns) {
    std::vector<re2::StringPiece> groups(
        static_cast<std::size_t>(pattern.matcher->NumberOfCapturingGroups()) + 1);
    if (pattern.rule != index || !pattern.matcher->Match(piece,
                                                         0,
                                                         piece.size(),
                                                         RE2::UNANCHORED,
                                                         groups.data(),
                                                         static_cast<int>(groups.size()))) {
      continue;
    }
    for (const auto& [name, group] : pattern.matcher->NamedCapturingGroups()) {
      const re2::StringPiece& found = groups[static_cast<std::size_t>(group)];
      if (!found.empty()) {
        hit.captures.insert_or_assign(std::string(name_of_group(name)),
                                      std::string(found.data(), found.size()));
      }
    }
    break;
  }
  return hit;
}

RuleScan::RuleScan(const RuleSet& rules) : rules_(rules), counts_(rules.rules().size(), 0) {}

bool RuleScan::take(std::int64_t number, std::string_view line) {
  rules_.match(line, indices_);
  for (const int index : indices_) {
    std::int64_t& count = counts_[static_cast<std::size_t>(index)];
    if (count < static_cast<std::int64_t>(kMaxHitsPerRule)) {
      hits_.push_back(rules_.capture(index, line, number));
    }
    ++count;
  }
  return !indices_.empty();
}

std::int64_t RuleScan::count(const Rule& rule) const noexcept {
  return counts_[static_cast<std::size_t>(&rule - rules_.rules().data())];
}

}  // namespace headway
