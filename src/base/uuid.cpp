// UUIDv7 as RFC 9562, section 5.7 has it. Knows nothing of runs.
#include "base/uuid.hpp"

#include "base/clock.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace headway {
namespace {

constexpr std::size_t kTextLength = 36;

bool is_dash_place(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

// Ten random bytes; where the kernel refuses them (a seccomp filter), clock and process id: still
// distinct on one machine.
std::array<std::uint8_t, 10> random_bytes() {
  std::array<std::uint8_t, 10> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    const std::int64_t ticks = SystemClock().monotonic().count();
    const pid_t pid = getpid();
    std::memcpy(bytes.data(), &pid, 2);
    std::memcpy(bytes.data() + 2, &ticks, sizeof ticks);
  }
  return bytes;
}

}  // namespace

std::string uuid_v7(WallTime time, const std::array<std::uint8_t, 10>& random) {
  using std::chrono::milliseconds;
  const auto millis = static_cast<std::uint64_t>(
      std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count());
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 6; ++i) {
    bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  }
  std::copy(random.begin(), random.end(), bytes.begin() + 6);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x70U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);

  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  text.reserve(kTextLength);
  for (const std::uint8_t byte : bytes) {
    if (is_dash_place(text.size())) {
      text += '-';
    }
    text += kHex[byte >> 4U];
    text += kHex[byte & 15U];
  }
  return text;
}

std::string new_uuid_v7(WallTime time) {
  return uuid_v7(time, random_bytes());
}

bool is_uuid_v7(std::string_view text) {
  if (text.size() != kTextLength || text[14] != '7' ||
      std::string_view("89ab").find(text[19]) == std::string_view::npos) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (is_dash_place(i) ? text[i] != '-' : !hex) {
      return false;
    }
  }
  return true;
}

std::string short_id(std::string_view uuid) {
  return std::string(uuid.substr(uuid.size() - std::min<std::size_t>(uuid.size(), 8)));
}

}  // namespace headway
