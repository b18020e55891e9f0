// The texts of rules with names in them: {name} and [[...]]. Pure; knows nothing of rules.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Names and what they stand for. A name that is not there counts as empty.
using NamedTexts = std::map<std::string, std::string, std::less<>>;

// The name that a group stands for: a trailing digit only keeps groups of one pattern apart, so
// "file2" is "file".
std::string_view name_of_group(std::string_view group) noexcept;

// How a value goes into the text.
enum class Quoting {
  none,   // as it is, for people
  shell,  // as one shell word: what a log says can never become a second command
};

// Every name in `pattern`, in order, or a lowercase fragment that says what is wrong with it: a `{`
// that names nothing, a `[[` that is never closed.
struct TemplateNames {
  std::vector<std::string> names;
  std::string problem;  // empty: none
};
TemplateNames names_in_template(std::string_view pattern);

// `pattern` with its names replaced, and without the [[...]] parts in which a name is empty.
// Nothing where a name outside such a part is empty.
std::optional<std::string> fill_template(std::string_view pattern,
                                         const NamedTexts& values,
                                         Quoting quoting);

}  // namespace headway
