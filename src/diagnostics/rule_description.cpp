// A rule in words: see the header.
#include "diagnostics/rule_description.hpp"

#include "base/text.hpp"
#include "diagnostics/confidence.hpp"
#include "diagnostics/rule_tests.hpp"

#include <fmt/format.h>

#include <iterator>
#include <vector>

namespace headway {
namespace {

using Lines = std::back_insert_iterator<std::string>;

void add_list(Lines out, std::string_view title, const std::vector<std::string>& items) {
  for (const std::string& item : items) {
    fmt::format_to(out, "{:<12} {}\n", title, item);
    title = "";
  }
}

std::string basis_of(const Rule& rule) {
  if (rule.precision.of > 0) {
    return fmt::format("right in {} of {} measured", rule.precision.right, rule.precision.of);
  }
  return fmt::format("not measured: as other rules of rank {}", to_string(rule.rank));
}

}  // namespace

std::string describe_rule(const Rule& rule) {
  std::string text;
  const Lines out = std::back_inserter(text);
  fmt::format_to(out, "{:<12} {}\n", "rule", rule.id);
  fmt::format_to(out, "{:<12} {}:{}\n", "from", rule.file, rule.at.line);
  fmt::format_to(out, "{:<12} {}\n", "category", to_string(rule.category));
  fmt::format_to(out, "{:<12} {}\n", "rank", to_string(rule.rank));
  fmt::format_to(out, "{:<12} {:.2f} ({})\n", "confidence", confidence_of(rule), basis_of(rule));
  add_list(out, "match", rule.patterns);
  add_list(out, "unless", rule.unless);
  if (!rule.text.empty()) {
    fmt::format_to(out, "{:<12} {}\n", "text", rule.text);
  }
  if (!rule.command.empty()) {
    fmt::format_to(out, "{:<12} {}\n", "command", rule.command);
  }
  if (rule.hint != RuleHint::none) {
    fmt::format_to(out, "{:<12} {}\n", "hint", to_string(rule.hint));
  }
  add_list(out, "matches", rule.matching);
  add_list(out, "not", rule.not_matching);
  const auto failures = failures_of_tests(rule);
  if (failures.empty()) {
    fmt::format_to(
        out, "{:<12} all {} pass\n", "tests", rule.matching.size() + rule.not_matching.size());
  } else {
    add_list(out, "tests fail", failures);
  }
  return text;
}

std::string unknown_rule_message(const RuleSet& rules, std::string_view id) {
  std::vector<std::string_view> ids;
  for (const Rule& rule : rules.rules()) {
    ids.push_back(rule.id);
  }
  const auto near = nearest_name(id, ids);
  return near ? fmt::format("there is no rule '{}' (did you mean '{}'?)", id, *near)
              : fmt::format("there is no rule '{}'", id);
}

}  // namespace headway
