// YamlKeyCheck: what must hold for the keys of every mapping. Knows nothing of what keys mean.
#pragma once

#include "model/problem_list.hpp"
#include "model/yaml_document.hpp"

#include <string_view>
#include <unordered_map>

namespace headway {

// Keys are scalars, none is a merge key, none comes twice. Reused for every mapping of a document.
class YamlKeyCheck {
 public:
  explicit YamlKeyCheck(ProblemList& problems) : problems_(problems) {}

  // Adds problems for the keys of `mapping`, not of mappings below it.
  void check(const YamlNode& mapping);

 private:
  void check_few(const YamlNode& mapping);
  void check_many(const YamlNode& mapping);
  void report_duplicate(const YamlNode& key, const YamlNode& first);

  ProblemList& problems_;
  std::unordered_map<std::string_view, const YamlNode*> seen_;
};

}  // namespace headway
