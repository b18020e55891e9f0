// RuleReader: one rule of a rule file, checked. Knows nothing of other rules.
#pragma once

#include "diagnostics/rule.hpp"
#include "model/problem_list.hpp"
#include "model/yaml_document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Whether patterns are tried. Those of the program itself are by its tests: a hundred of them cost
// 5 ms each time.
enum class PatternCheck : bool { tried, trusted };

// Reads the rule under `value`; `key` is its id. Mistakes go to `problems`, which outlives it, as
// do the nodes.
class RuleReader {
 public:
  RuleReader(ProblemList& problems,
             const YamlNode& key,
             const YamlNode& value,
             PatternCheck check = PatternCheck::tried)
      : problems_(problems), key_(key), value_(value), check_(check) {}

  // `ID: {disabled: true}`: a rule of that id is to go.
  bool is_disabled() const;
  // The rule, or nothing where it has a mistake.
  std::optional<Rule> read();

 private:
  void read_entry(std::string_view key, const YamlNode& value);
  void read_choice(std::string_view key, const YamlNode& value);
  void read_tests(const YamlNode& value);
  void read_texts(std::string_view what, const YamlNode& value, std::vector<std::string>& out);
  void read_patterns(std::string_view what, const YamlNode& value, std::vector<std::string>& out);
  void try_pattern(std::string_view what, const YamlNode& value, const std::string& text);
  void read_text(std::string_view what, const YamlNode& value, std::string& out);
  void check_whole();
  void check_names();
  void check_template(std::string_view what, const std::string& text);
  void refuse(Position at, std::string message, std::string suggestion = {});

  ProblemList& problems_;
  const YamlNode& key_;
  const YamlNode& value_;
  PatternCheck check_;
  Rule rule_;
  std::vector<std::string> groups_;  // named groups of all patterns
  bool good_ = true;
};

// `{right: N, of: M}` with 0 <= N <= M; a problem and nothing else.
std::optional<RulePrecision> read_precision(ProblemList& problems, const YamlNode& value);

}  // namespace headway
