// Which type of commit the words of a first line speak of. Knows no grammar of messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// The type among `types` that `word` means: itself in any case, an alias ("feature", "bugfix"), or
// the nearest spelling; empty where none is near.
std::string known_type(std::string_view word, const std::vector<std::string>& types);

// From the words of a line, in this order: fix, bug, issue, error: fix; add, implement, new: feat;
// doc, readme, comment: docs; test: test; refactor, reorganize: refactor; else chore. A word counts
// in its usual forms (fixed, bugs, adding). The first of `types` where these do not have it.
std::string type_from_words(std::string_view line, const std::vector<std::string>& types);

}  // namespace headway
