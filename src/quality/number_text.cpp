// See number_text.hpp.
#include "quality/number_text.hpp"

#include "base/text.hpp"

#include <charconv>
#include <cmath>
#include <string>

namespace headway {
namespace {

constexpr std::int64_t kMaxCount = std::int64_t{1} << 53;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "1,234,567.8" as "1234567.8"; a text whose commas are not between groups of three stays as it is.
std::string without_groups(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of(".eE"), text.size());
  std::string plain;
  std::size_t run = 0;  // digits since the last comma
  bool is_first = true;
  for (std::size_t i = 0; i < end; ++i) {
    if (text[i] == ',') {
      const bool fits = is_first ? run >= 1 && run <= 3 : run == 3;
      if (!fits) {
        return std::string(text);
      }
      is_first = false;
      run = 0;
      continue;
    }
    run += is_digit(text[i]) ? 1 : 0;
    plain += text[i];
  }
  return !is_first && run != 3 ? std::string(text) : plain + std::string(text.substr(end));
}

}  // namespace

std::optional<std::int64_t> count_in(std::optional<std::string_view> text) noexcept {
  if (!text) {
    return std::nullopt;
  }
  std::int64_t count = 0;
  const std::string_view digits = trim(*text);
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  const bool is_whole =
      end.ec == std::errc() && end.ptr == digits.data() + digits.size() && !digits.empty();
  return is_whole && count >= 0 && count <= kMaxCount ? std::optional(count) : std::nullopt;
}

std::optional<double> number_in(std::string_view text) noexcept {
  std::string_view bare = trim(text);
  if (bare.ends_with('%')) {
    bare = trim(bare.substr(0, bare.size() - 1));
  }
  if (bare.empty() || bare.size() > 64) {
    return std::nullopt;
  }
  if (bare.starts_with('+')) {
    bare.remove_prefix(1);
  }
  const std::string plain = without_groups(bare);
  double value = 0;
  const auto end = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (end.ec != std::errc() || end.ptr != plain.data() + plain.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace headway
