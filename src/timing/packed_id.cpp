// See packed_id.hpp.
#include "timing/packed_id.hpp"

#include <cstddef>

namespace headway {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kUuidLength = 36;

// Where a UUID's text has its dashes, counted in digits before it.
bool is_dash_after(std::size_t digits) {
  return digits == 8 || digits == 12 || digits == 16 || digits == 20;
}

}  // namespace

std::optional<std::string> pack_hex(std::string_view text) {
  if (text.empty() || text.size() % 2 != 0) {
    return std::nullopt;
  }
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t high = kDigits.find(text[i]);
    const std::size_t low = kDigits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) {
      return std::nullopt;
    }
    bytes += static_cast<char>(high * kDigits.size() + low);
  }
  return bytes;
}

std::string unpack_hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4U];
    text += kDigits[value & 15U];
  }
  return text;
}

std::optional<std::string> pack_uuid(std::string_view text) {
  if (text.size() != kUuidLength) {
    return std::nullopt;
  }
  std::string digits;
  for (const char c : text) {
    if (c != '-') {
      digits += c;
    }
  }
  auto bytes = pack_hex(digits);
  return bytes && unpack_uuid(*bytes) == text ? bytes : std::nullopt;
}

std::string unpack_uuid(std::string_view bytes) {
  std::string text;
  const std::string digits = unpack_hex(bytes.substr(0, kUuidBytes));
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (is_dash_after(i)) {
      text += '-';
    }
    text += digits[i];
  }
  return text;
}

}  // namespace headway
