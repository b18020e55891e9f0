// One rule of a rule file: see the header.
#include "diagnostics/rule_reader.hpp"

#include "diagnostics/rule_template.hpp"

#include <fmt/format.h>

#include <re2/re2.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace headway {
namespace {

const std::vector<std::string_view> kKeys = {
    "category", "rank", "match", "unless", "text", "command", "hint", "tests", "disabled"};
constexpr std::size_t kMaxIdBytes = 80;

bool is_rule_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdBytes && text.front() >= 'a' &&
         text.front() <= 'z' && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
                  c == '-';
         });
}

std::optional<RuleRank> rank_of(std::string_view name) {
  for (const RuleRank rank : {RuleRank::consequence, RuleRank::failure, RuleRank::cause}) {
    if (to_string(rank) == name) {
      return rank;
    }
  }
  return std::nullopt;
}

}  // namespace

void RuleReader::refuse(Position at, std::string message, std::string suggestion) {
  good_ = false;
  problems_.add(at,
                fmt::format("rule '{}': {}", shown(key_.text), std::move(message)),
                std::move(suggestion));
}

bool RuleReader::is_disabled() const {
  for (const auto& [key, value] : value_.entries()) {
    if (key.text == "disabled") {
      return value.as_boolean().value_or(false);
    }
  }
  return false;
}

std::optional<Rule> RuleReader::read() {
  rule_.id = key_.text;
  rule_.at = key_.at();
  if (!is_rule_id(key_.text)) {
    refuse(key_.at(), "an id is a small letter, then small letters, digits, '_', '.' and '-'");
  }
  if (!value_.is_mapping()) {
    refuse(value_.at(), "must be a mapping with 'category', 'match', 'text' and 'tests'");
    return std::nullopt;
  }
  for (const auto& [key, value] : value_.entries()) {
    if (std::find(kKeys.begin(), kKeys.end(), key.text) == kKeys.end()) {
      refuse(key.at(),
             fmt::format("unknown key '{}'", shown(key.text)),
             problems_.suggest(key.text, kKeys));
    } else {
      read_entry(key.text, value);
    }
  }
  check_whole();
  return good_ ? std::optional(std::move(rule_)) : std::nullopt;
}

void RuleReader::read_entry(std::string_view key, const YamlNode& value) {
  if (key == "match") {
    read_patterns(key, value, rule_.patterns);
  } else if (key == "unless") {
    read_patterns(key, value, rule_.unless);
  } else if (key == "text") {
    read_text(key, value, rule_.text);
  } else if (key == "command") {
    read_text(key, value, rule_.command);
  } else if (key == "tests") {
    read_tests(value);
  } else if (key == "disabled") {
    if (!value.as_boolean()) {
      refuse(value.at(), "'disabled' must be true or false");
    }
  } else {
    read_choice(key, value);
  }
}

void RuleReader::read_choice(std::string_view key, const YamlNode& value) {
  std::vector<std::string_view> names;
  if (key == "category") {
    const auto category = category_of(value.text);
    if (category) {
      rule_.category = *category;
      return;
    }
    names.assign(kCategoryNames.begin(), kCategoryNames.end());
  } else if (key == "rank") {
    const auto rank = rank_of(value.text);
    if (rank) {
      rule_.rank = *rank;
      return;
    }
    names = {"cause", "failure", "consequence"};
  } else {
    const auto hint = hint_of(value.text);
    if (hint) {
      rule_.hint = *hint;
      return;
    }
    names = hint_names();
  }
  refuse(value.at(),
         fmt::format("unknown {} '{}'", key, shown(value.text)),
         problems_.suggest(value.text, names));
}

void RuleReader::read_tests(const YamlNode& value) {
  if (!value.is_mapping()) {
    refuse(value.at(), "'tests' must be a mapping with 'match' and 'no_match'");
    return;
  }
  for (const auto& [key, lines] : value.entries()) {
    if (key.text == "match") {
      read_texts("tests.match", lines, rule_.matching);
    } else if (key.text == "no_match") {
      read_texts("tests.no_match", lines, rule_.not_matching);
    } else {
      refuse(key.at(),
             fmt::format("unknown key 'tests.{}'", shown(key.text)),
             problems_.suggest(key.text, {"match", "no_match"}));
    }
  }
}

void RuleReader::read_text(std::string_view what, const YamlNode& value, std::string& out) {
  if (!value.is_scalar() || value.text.empty() || value.is_null()) {
    refuse(value.at(), fmt::format("'{}' must be a text", what));
    return;
  }
  out = value.text;
}

void RuleReader::read_texts(std::string_view what,
                            const YamlNode& value,
                            std::vector<std::string>& out) {
  if (value.is_scalar()) {
    read_text(what, value, out.emplace_back());
    return;
  }
  for (const YamlNode& item : value.items()) {
    read_text(what, item, out.emplace_back());
  }
}

void RuleReader::read_patterns(std::string_view what,
                               const YamlNode& value,
                               std::vector<std::string>& out) {
  read_texts(what, value, out);
  if (check_ == PatternCheck::tried) {
    for (const std::string& text : out) {
      try_pattern(what, value, text);
    }
  }
}

void RuleReader::try_pattern(std::string_view what,
                             const YamlNode& value,
                             const std::string& text) {
  const RE2 pattern(text, RE2::Quiet);
  if (!pattern.ok()) {
    refuse(value.at(),
           fmt::format(
               "'{}' has a pattern that is no RE2, '{}': {}", what, shown(text), pattern.error()));
  } else if (pattern.Match("", 0, 0, RE2::UNANCHORED, nullptr, 0)) {
    refuse(value.at(), fmt::format("the pattern '{}' matches every line", shown(text)));
  } else if (what == "match") {
    for (const auto& [name, group] : pattern.NamedCapturingGroups()) {
      groups_.emplace_back(name_of_group(name));
    }
  }
}

void RuleReader::check_whole() {
  if (rule_.category == FailureCategory::unknown) {
    refuse(key_.at(), "needs a 'category', one that is not unknown");
  }
  if (rule_.patterns.empty()) {
    refuse(key_.at(), "needs at least one pattern under 'match'");
  }
  if (rule_.text.empty() && (rule_.rank != RuleRank::consequence || !rule_.command.empty())) {
    refuse(key_.at(), "needs a 'text' (only a consequence without command may have none)");
  }
  if (rule_.matching.empty() || rule_.not_matching.empty()) {
    refuse(key_.at(), "needs at least one line under 'tests.match' and one under 'tests.no_match'");
  }
  if (check_ == PatternCheck::tried) {
    check_names();
  }
}

// The names in the texts are those of groups and of the hint.
void RuleReader::check_names() {
  const std::string_view input = input_of(rule_.hint);
  if (!input.empty() && std::find(groups_.begin(), groups_.end(), input) == groups_.end()) {
    refuse(
        key_.at(),
        fmt::format(
            "hint '{}' needs a pattern with the group (?P<{}>...)", to_string(rule_.hint), input));
  }
  check_template("text", rule_.text);
  check_template("command", rule_.command);
}

void RuleReader::check_template(std::string_view what, const std::string& text) {
  const TemplateNames found = names_in_template(text);
  if (!found.problem.empty()) {
    refuse(key_.at(), fmt::format("'{}' {}", what, found.problem));
    return;
  }
  std::vector<std::string_view> known(groups_.begin(), groups_.end());
  const auto added = outputs_of(rule_.hint);
  known.insert(known.end(), added.begin(), added.end());
  for (const std::string& name : found.names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      refuse(key_.at(),
             fmt::format("'{}' names {{{}}}, which no group and no hint gives", what, name),
             problems_.suggest(name, known));
    }
  }
}

std::optional<RulePrecision> read_precision(ProblemList& problems, const YamlNode& value) {
  RulePrecision precision;
  bool good = value.is_mapping();
  for (const auto& [key, number] : value.entries()) {
    const auto count = number.as_integer();
    good = good && count && *count >= 0 && *count <= std::numeric_limits<int>::max() &&
           (key.text == "right" || key.text == "of");
    if (good) {
      (key.text == "of" ? precision.of : precision.right) = static_cast<int>(*count);
    }
  }
  if (!good || precision.right > precision.of) {
    problems.add(value.at(), "a precision is {right: N, of: M} with whole numbers, N at most M");
    return std::nullopt;
  }
  return precision;
}

}  // namespace headway
