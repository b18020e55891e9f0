// A rule against its own lines: see the header.
#include "diagnostics/rule_tests.hpp"

#include "model/problem_list.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway {
namespace {

void check_texts(const Rule& rule, const RuleHit& hit, std::vector<std::string>& failures) {
  NamedTexts values = hit.captures;
  for (const std::string_view name : outputs_of(rule.hint)) {
    values.emplace(name, "something");
  }
  for (const std::string* text : {&rule.text, &rule.command}) {
    if (!fill_template(*text, values, Quoting::none)) {
      failures.push_back(fmt::format("has a name without a value in '{}'", shown(*text)));
    }
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
  std::vector<int> indices;
  for (const std::string& line : rule.matching) {
    compiled->match(line, indices);
    if (indices.empty()) {
      failures.push_back(fmt::format("does not match its test line '{}'", shown(line)));
    } else {
      check_texts(rule, compiled->capture(0, line, 1), failures);
    }
  }
  for (const std::string& line : rule.not_matching) {
    compiled->match(line, indices);
    if (!indices.empty()) {
      failures.push_back(fmt::format("matches '{}', which its tests forbid", shown(line)));
    }
  }
  return failures;
}

}  // namespace headway
