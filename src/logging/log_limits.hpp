// The bounds of a record, and cutting of texts to them. Knows nothing of formats.
#pragma once

#include "base/secrets.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace headway {

// Bytes of one field before escaping, and of one record as it is written.
inline constexpr std::size_t kMaxFieldBytes = std::size_t{32} << 10;
inline constexpr std::size_t kMaxRecordBytes = std::size_t{256} << 10;

// The start of `text`, at most `max_bytes` long, not cut inside a UTF-8 character.
std::string_view cut_text(std::string_view text, std::size_t max_bytes);

// `text` without secrets. The result points into `text`, or into `storage` where there was one.
// Secrets go before any cut: half a secret would not be known as one.
std::string_view masked_text(std::string_view text, const SecretSet* secrets, std::string& storage);

}  // namespace headway
