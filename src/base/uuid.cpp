// See uuid.hpp.
#include "base/uuid.hpp"

#include <sys/random.h>

#include <cstddef>

namespace headway {

std::string uuid_v7(WallTime time, const std::array<std::uint8_t, 10>& random) {
  const auto ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 6; ++i) {
    bytes[i] = static_cast<std::uint8_t>(ms >> (40U - 8U * i));
  }
  for (std::size_t i = 0; i < 10; ++i) {
    bytes[6 + i] = random[i];
  }
  bytes[6] = static_cast<std::uint8_t>(0x70U | (bytes[6] & 0x0FU));
  bytes[8] = static_cast<std::uint8_t>(0x80U | (bytes[8] & 0x3FU));
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      out.push_back('-');
    }
    out.push_back(kHex[bytes[i] >> 4U]);
    out.push_back(kHex[bytes[i] & 15U]);
  }
  return out;
}

std::string new_uuid_v7(WallTime time) {
  std::array<std::uint8_t, 10> random{};
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    // Only before the kernel's pool is ready: the clock's low bits are then better than nothing.
    const auto ns = static_cast<std::uint64_t>(time.time_since_epoch().count());
    for (std::size_t i = 0; i < random.size(); ++i) {
      random[i] = static_cast<std::uint8_t>(ns >> (8U * (i % 8U)));
    }
  }
  return uuid_v7(time, random);
}

bool is_uuid_v7(std::string_view text) {
  if (text.size() != 36) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (dash ? c != '-' : !hex) {
      return false;
    }
  }
  return text[14] == '7';
}

std::string short_id(std::string_view uuid) {
  return std::string(uuid.size() <= 8 ? uuid : uuid.substr(uuid.size() - 8));
}

}  // namespace headway
