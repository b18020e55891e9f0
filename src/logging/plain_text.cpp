// Escaping for JSON by pointer. Knows nothing of records.
#include "logging/plain_text.hpp"

#include "base/utf8.hpp"

namespace headway {
namespace {

char* put_escape(char* to, char byte) noexcept {
  constexpr std::string_view kNamed = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  constexpr std::string_view kHex = "0123456789abcdef";
  *to++ = '\\';
  if (const std::size_t at = kNamed.find(byte); at != std::string_view::npos) {
    *to++ = kLetters[at];
    return to;
  }
  const auto code = static_cast<unsigned char>(byte);
  to = copy_bytes(to, "u00", 3);
  *to++ = kHex[code >> 4U];
  *to++ = kHex[code & 15U];
  return to;
}

}  // namespace

char* put_json_escaped(char* to, std::string_view text) noexcept {
  while (!text.empty()) {
    const char byte = text.front();
    const auto code = static_cast<unsigned char>(byte);
    std::size_t step = 1;
    if (code >= 0x80) {
      const Utf8Step next = utf8_step(text);
      step = next.length;
      to = next.valid ? copy_bytes(to, text.data(), step)
                      : copy_bytes(to, kReplacementCharacter.data(), kReplacementCharacter.size());
    } else if (code < 0x20 || byte == '"' || byte == '\\') {
      to = put_escape(to, byte);
    } else {
      *to++ = byte;
    }
    text.remove_prefix(step);
  }
  return to;
}

}  // namespace headway
