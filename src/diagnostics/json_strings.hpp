// The strings of a JSON text, one by one. Knows nothing of what they mean.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace headway {

// What stands in the place of a string: `name` is that of the member it belongs to (through arrays;
// empty for a name itself), `value` is unescaped.
using JsonStringUse = std::function<std::string(std::string_view name, std::string_view value)>;

// `json` (one well-formed value) with all strings and names of members passed through `use`; the
// rest, and strings that stay the same, byte for byte.
std::string replace_json_strings(std::string_view json, const JsonStringUse& use);

}  // namespace headway
