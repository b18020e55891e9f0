// Which literals a pattern cannot do without, read off its text, so that most patterns need not be
// compiled at all. Knows nothing of lines and of rules.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Literals shorter than this stand in too many lines to tell anything.
inline constexpr std::size_t kLeastLiteral = 3;

// Every text that `pattern` (RE2's syntax) matches has at least one of these, whatever the case of
// its ASCII letters; in small letters, each once, none shorter than kLeastLiteral. None: nothing of
// the kind is certain. (One exception: under (?i), RE2 takes the Kelvin sign for a k and the long s
// for an s.) What RE2 would refuse gives anything. The idea is that of R. Cox, "Regular Expression
// Matching with a Trigram Index" (2012), with sets of alternatives in place of a formula.
std::vector<std::string> required_literals(std::string_view pattern);

}  // namespace headway
