// What secrets look like that nobody has named: tokens of known services, private keys, passwords
// in URLs, headers and assignments. Pure; replaces nothing.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace headway {

// A secret in a text.
struct PatternMatch {
  std::size_t begin = 0, end = 0;  // bytes
  std::string_view kind;           // "github-token", "private-key", ...

  bool operator==(const PatternMatch&) const = default;
};

// All of them, in order, apart from each other. Linear in the text. Words of every day are left
// alone: a value that is short, a placeholder, or plain letters after "token:" is none.
std::vector<PatternMatch> find_secret_patterns(std::string_view text);

}  // namespace headway
