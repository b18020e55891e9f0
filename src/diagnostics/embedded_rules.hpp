// The rule files that are compiled in (rules/*.yaml; made by cmake/EmbedRules.cmake).
// Knows nothing of what is in them.
#pragma once

#include <string_view>
#include <vector>

namespace headway {

// One file, whole. Both texts live as long as the program.
struct EmbeddedFile {
  std::string_view name;  // "rules/python.yaml"
  std::string_view text;
};

// All of them, by name. Thread-safe.
std::vector<EmbeddedFile> embedded_rule_files();

}  // namespace headway
