// Cutting and masking of texts. Knows nothing of formats.
#include "logging/log_limits.hpp"

namespace headway {

std::string_view cut_text(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) {
    return text;
  }
  constexpr std::size_t kMaxContinuationBytes = 3;
  std::size_t end = max_bytes;
  for (std::size_t back = 0; back < kMaxContinuationBytes && end > 0; ++back, --end) {
    if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U) {
      break;  // a character begins here
    }
  }
  return text.substr(0, end);
}

std::string_view masked_text(std::string_view text,
                             const SecretSet* secrets,
                             std::string& storage) {
  if (secrets == nullptr || !secrets->occurs_in(text)) {
    return text;
  }
  storage = secrets->mask(text);
  return storage;
}

}  // namespace headway
