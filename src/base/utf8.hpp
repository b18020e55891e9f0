// One step through UTF-8 text (Unicode 15, table 3-7). Pure; knows nothing of what is done with it.
#pragma once

#include <cstddef>
#include <string_view>

namespace headway {

// U+FFFD, what stands in the place of bytes that are no UTF-8.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// The first sequence of a text: a character, or a maximal bad sequence (never empty).
struct Utf8Step {
  std::size_t length;
  bool valid;
};

// Looks at the start of `bytes`, which must not be empty.
Utf8Step utf8_step(std::string_view bytes) noexcept;

}  // namespace headway
