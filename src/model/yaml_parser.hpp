// From YAML text to a YamlDocument, by libyaml's event interface (measured beside yaml-cpp in
// benchmarks/yaml_benchmark.cpp). Knows nothing of workflows.
#pragma once

#include "model/problem_list.hpp"
#include "model/yaml_document.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace headway {

// What a file may ask for. Aliases count as what they stand for, so that a few lines of them cannot
// grow beyond it ("billion laughs").
inline constexpr std::size_t kMaxYamlBytes = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t kMaxYamlNodes = 1'000'000;
inline constexpr std::size_t kMaxYamlDepth = 64;

// The one document of `text` (UTF-8, a byte order mark is passed over). Refused, each with its
// place: syntax errors, a second document, merge keys, tags but !!str, !!map and !!seq, keys that
// are no scalars, keys that come twice, and what goes beyond the bounds. Where no document could be
// read, nothing; else a document, and perhaps problems all the same.
std::optional<YamlDocument> parse_yaml(std::string_view text, ProblemList& problems);

// Whether there is more in the text than blank lines and comments: where a file may say nothing,
// such a one is no mistake.
bool says_anything(std::string_view text);

}  // namespace headway
