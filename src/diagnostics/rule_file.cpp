// The top of a rule file: see the header. One rule is read in rule_reader.cpp.
#include "diagnostics/rule_file.hpp"

#include "model/yaml_parser.hpp"

#include <fmt/format.h>

#include <utility>

namespace headway {
namespace {

class Reader {
 public:
  Reader(const std::string& name, PatternCheck check)
      : name_(name), check_(check), problems_(name) {}

  RuleFile read(std::string_view text) {
    const auto document = parse_yaml(text, problems_);
    if (document) {
      read_root(document->root());
    }
    file_.problems = problems_.take();
    return std::move(file_);
  }

 private:
  void read_root(const YamlNode& root) {
    if (!root.is_mapping()) {
      problems_.add(root.at(), "a rule file is a mapping with 'rules'");
      return;
    }
    for (const auto& [key, value] : root.entries()) {
      if (key.text != "rules" && key.text != "measured") {
        problems_.add(key.at(),
                      fmt::format("unknown key '{}'", shown(key.text)),
                      problems_.suggest(key.text, {"rules", "measured"}));
      } else if (!value.is_mapping()) {
        problems_.add(value.at(), fmt::format("'{}' must be a mapping by rule id", key.text));
      } else if (key.text == "rules") {
        read_rules(value);
      } else {
        read_measured(value);
      }
    }
  }

  void read_rules(const YamlNode& node) {
    for (const auto& [key, value] : node.entries()) {
      RuleReader reader(problems_, key, value, check_);
      if (reader.is_disabled()) {
        file_.disabled.emplace_back(key.text);
      } else if (auto rule = reader.read()) {
        rule->file = name_;
        file_.rules.push_back(*std::move(rule));
      }
    }
  }

  void read_measured(const YamlNode& node) {
    for (const auto& [key, value] : node.entries()) {
      if (const auto precision = read_precision(problems_, value)) {
        file_.measured.emplace(key.text, *precision);
      }
    }
  }

  const std::string& name_;
  PatternCheck check_;
  ProblemList problems_;
  RuleFile file_;
};

}  // namespace

RuleFile read_rule_file(const std::string& name, std::string_view text, PatternCheck check) {
  return Reader(name, check).read(text);
}

}  // namespace headway
