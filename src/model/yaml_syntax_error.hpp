// What libyaml says about a text it cannot read, in words and with the exact place.
// Knows nothing of nodes.
#pragma once

#include "model/problem.hpp"

#include <yaml.h>

#include <string>
#include <string_view>

namespace headway {

// A place and a lowercase fragment.
struct SyntaxError {
  Position at;
  std::string message;
};

// The error that `parser` stopped with while it read `text` as UTF-8.
SyntaxError describe_syntax_error(const yaml_parser_t& parser, std::string_view text);

}  // namespace headway
