// A rule against its own lines: see the header.
#include "diagnostics/rule_tests.hpp"

#include "model/problem_list.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway {
namespace {

void check_text(const Rule& rule,
                const RuleHit& hit,
                std::string_view hit_line,
                std::vector<std::string>& failures) {
  NamedTexts values = hit.captures;
  for (const std::string_view name : outputs_of(rule.hint)) {
    values.emplace(name, "something");
  }
  if (!fill_template(rule.text, values, Quoting::none)) {
    failures.push_back(fmt::format("has a name without a value in its text for the test line '{}'",
                                   shown(hit_line)));
  }
}

}  // namespace

std::vector<std::string> failures_of_tests(const Rule& rule) {
  std::vector<std::string> failures;
  const auto compiled = RuleSet::compile({rule});
  if (!compiled) {
    failures.push_back(compiled.error().message);
    return failures;
  }
  RuleSet::Matches found;
  for (const std::string& line : rule.matching) {
    compiled->match(line, found);
    if (found.rules.empty()) {
      failures.push_back(fmt::format("does not match its test line '{}'", shown(line)));
    } else {
      check_text(rule, compiled->capture(0, line, 1), line, failures);
    }
  }
  for (const std::string& line : rule.not_matching) {
    compiled->match(line, found);
    if (!found.rules.empty()) {
      failures.push_back(fmt::format("matches '{}', which its tests forbid", shown(line)));
    }
  }
  return failures;
}

}  // namespace headway
