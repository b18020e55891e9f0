// text_search: what tests ask of a text that a program printed. Knows nothing of the program.
#pragma once

#include <string_view>

namespace headway {

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace headway
