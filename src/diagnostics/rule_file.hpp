// Rule files: from YAML to rules, every mistake with its place (grammar in
// docs/reference/rules.md). Knows nothing of where files lie and of which rules override which.
#pragma once

#include "diagnostics/rule.hpp"
#include "diagnostics/rule_reader.hpp"
#include "model/problem.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// What a rule file says.
struct RuleFile {
  std::vector<Rule> rules;            // in the order of the file, the good ones
  std::vector<std::string> disabled;  // ids
  std::map<std::string, RulePrecision, std::less<>> measured;  // by id
  std::vector<Problem> problems;  // by place; a rule with a problem is in no list
};

// Reads `text`; `name` is what messages call the file. Unknown keys, categories and names in texts,
// patterns that are no RE2, missing tests: each is a problem. Whether the tests pass is not asked
// here (see rule_tests.hpp).
RuleFile read_rule_file(const std::string& name,
                        std::string_view text,
                        PatternCheck check = PatternCheck::tried);

}  // namespace headway
