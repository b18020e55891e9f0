// All the forms in which a secret value may turn up in output. Pure; knows nothing of matching.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Values shorter than this are not masked: it would destroy text and hide nothing.
inline constexpr std::size_t kMinSecretBytes = 4;

// Whether masking that value would hide anything: long enough, and no common word ("true",
// "localhost"), small number or line of punctuation.
bool is_worth_masking(std::string_view value);

// Adds every form of `value` (see SecretSet), each at least kMinSecretBytes long; doubles may
// occur. Adds nothing for what is not worth masking.
void append_secret_forms(std::string_view value, std::vector<std::string>& forms);

}  // namespace headway
