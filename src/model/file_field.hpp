// FileField: one key of the workflow file with its value and its owner, and how messages name them.
// Knows no rule but the one for names.
#pragma once

#include "model/yaml_document.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace headway {

// Keys of stages and lanes, and names of locks, become parts of file names: this keeps those legal.
inline constexpr std::size_t kMaxNameBytes = 80;
// The rule for keys of stages and lanes, in words.
inline constexpr std::string_view kNameRule =
    "a letter or '_', then letters, digits, '_', '.' and '-', at most 80 in all";

// Whose value it is: {"stage", "lint"}, {"lane", "docs"}, {"defaults", ""}; both empty: the file's.
// `part` is the mapping inside it ("retries"), or empty.
struct Owner {
  std::string_view kind{};
  std::string_view key{};
  std::string_view part{};
};

// "stage 'lint'", "'retries' of stage 'lint'", "'defaults'", "the workflow".
std::string describe(const Owner& owner);

// One key and its value.
struct FileField {
  Owner owner;
  std::string_view key;
  const YamlNode& value;
};

// "'timeout' of stage 'lint'", "'retries.max' of stage 'lint'", "'name'".
std::string describe(const FileField& field);

// `[A-Za-z_][A-Za-z0-9_.-]*`, at most kMaxNameBytes.
bool is_identifier(std::string_view text) noexcept;

// A key that the YAML layer has refused already: no text, or a merge key.
bool is_refused_key(const YamlNode& key) noexcept;

}  // namespace headway
