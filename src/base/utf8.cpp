// Decoding of one UTF-8 sequence, after Unicode 15, table 3-7, and "maximal subpart" replacement.
// Knows nothing of what is done with it.
#include "base/utf8.hpp"

#include <algorithm>

namespace headway {
namespace {

// What may follow a lead byte: how many bytes in all, and the range of the second one. It is the
// second byte that rules out overlong forms, surrogates and values above U+10FFFF.
struct Lead {
  std::size_t length;
  unsigned char second_min;
  unsigned char second_max;
};

Lead lead_of(unsigned char byte) noexcept {
  if (byte < 0x80) {
    return {1, 0, 0};
  }
  if (byte >= 0xC2 && byte <= 0xDF) {
    return {2, 0x80, 0xBF};
  }
  if (byte >= 0xE0 && byte <= 0xEF) {
    return {3,
            static_cast<unsigned char>(byte == 0xE0 ? 0xA0 : 0x80),
            static_cast<unsigned char>(byte == 0xED ? 0x9F : 0xBF)};
  }
  if (byte >= 0xF0 && byte <= 0xF4) {
    return {4,
            static_cast<unsigned char>(byte == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(byte == 0xF4 ? 0x8F : 0xBF)};
  }
  return {0, 0, 0};  // no lead byte at all
}

}  // namespace

Utf8Step utf8_step(std::string_view bytes) noexcept {
  const Lead lead = lead_of(static_cast<unsigned char>(bytes.front()));
  if (lead.length <= 1) {
    return {1, lead.length == 1};
  }
  const std::size_t end = std::min(lead.length, bytes.size());
  for (std::size_t at = 1; at < end; ++at) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    const unsigned char min = at == 1 ? lead.second_min : 0x80;
    const unsigned char max = at == 1 ? lead.second_max : 0xBF;
    if (byte < min || byte > max) {
      return {at, false};
    }
  }
  return {end, end == lead.length};
}

}  // namespace headway
