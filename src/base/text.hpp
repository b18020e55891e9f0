// Small text functions that more than one layer needs. Pure; knows no file, no clock, no locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace headway {

std::string_view trim(std::string_view text);
// The pieces between separators; an empty text gives one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);
// A temporary would be gone before its pieces are read.
template <typename Text>
requires std::is_same_v<Text, std::string>
void split(Text&& text, char separator) = delete;
std::string join(const std::vector<std::string>& pieces, std::string_view separator);

// The candidate that a person most likely meant by `name`: the smallest Damerau-Levenshtein
// distance, at most a third of the name's length (at least 1); nothing where no candidate is that
// near.
std::optional<std::string> nearest_name(std::string_view name,
                                        const std::vector<std::string_view>& candidates);

// Everything outside [A-Za-z0-9._-] as %XX, and a leading dot as well: safe as a file name.
std::string percent_encode(std::string_view text);

// Well-formed UTF-8: every maximal bad sequence becomes U+FFFD.
std::string to_valid_utf8(std::string_view bytes);

// The text as one POSIX shell word that stands for it exactly ('it'\''s'); plain words stay plain.
// A NUL cannot be said in a shell: the caller has none.
std::string shell_quote(std::string_view text);

}  // namespace headway
