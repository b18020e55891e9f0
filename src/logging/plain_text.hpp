// Copying of short texts, and of those that JSON takes as they are. The hot loops of logging. Knows
// nothing of records.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace headway {

// memcpy of what is short as a rule, without a call; where the copy ends.
[[gnu::always_inline]] inline char* copy_bytes(char* to,
                                               const char* from,
                                               std::size_t bytes) noexcept {
  char* const end = to + bytes;
  if (bytes <= 16) {
    if (bytes >= 8) {
      std::uint64_t first = 0;
      std::uint64_t last = 0;
      std::memcpy(&first, from, 8);
      std::memcpy(&last, from + bytes - 8, 8);
      std::memcpy(to, &first, 8);
      std::memcpy(end - 8, &last, 8);
    } else if (bytes >= 4) {
      std::uint32_t first = 0;
      std::uint32_t last = 0;
      std::memcpy(&first, from, 4);
      std::memcpy(&last, from + bytes - 4, 4);
      std::memcpy(to, &first, 4);
      std::memcpy(end - 4, &last, 4);
    } else if (bytes > 0) {
      to[0] = from[0];
      to[bytes / 2] = from[bytes / 2];
      to[bytes - 1] = from[bytes - 1];
    }
    return end;
  }
  if (bytes <= 32) {
    std::array<char, 16> first;
    std::array<char, 16> last;
    std::memcpy(first.data(), from, 16);
    std::memcpy(last.data(), from + bytes - 16, 16);
    std::memcpy(to, first.data(), 16);
    std::memcpy(end - 16, last.data(), 16);
    return end;
  }
  std::memcpy(to, from, bytes);
  return end;
}

// A text of the source; where it ends.
template <std::size_t size>
[[gnu::always_inline]] inline char* put_literal(char* to, const char (&text)[size]) noexcept {
  std::memcpy(to, text, size - 1);
  return to + size - 1;
}

// Eight digits as bytes 0 to 9, the first one lowest; value < 10^8. Three steps, each of which
// cuts all parts in two by multiplying with a reciprocal.
inline std::uint64_t eight_digits(std::uint64_t value) noexcept {
  constexpr std::uint64_t kTenThousand = 10'000;
  const std::uint64_t fours = value / kTenThousand | (value % kTenThousand) << 32U;
  const std::uint64_t hundreds = ((fours * 10'486U) >> 20U) & 0x0000'007F'0000'007FU;
  const std::uint64_t twos = hundreds | (fours - hundreds * 100U) << 16U;
  const std::uint64_t tens = ((twos * 103U) >> 10U) & 0x000F'000F'000F'000FU;
  return tens | (twos - tens * 10U) << 8U;
}

// Stores eight digits, without the first `skipped`; where they end. Writes 8 bytes.
inline char* put_eight_digits(char* to, std::uint64_t digits, unsigned skipped) noexcept {
  std::uint64_t text = (digits + 0x3030'3030'3030'3030U) >> (8U * skipped);
  if constexpr (std::endian::native == std::endian::big) {
    text = __builtin_bswap64(text);
  }
  std::memcpy(to, &text, sizeof text);
  return to + (8U - skipped);
}

// The number in decimal digits, at most 20; where it ends. Writes up to 7 bytes behind that.
inline char* put_unsigned(char* to, std::uint64_t value) noexcept {
  constexpr std::uint64_t kEightDigits = 100'000'000;
  if (value >= kEightDigits) {
    to = put_unsigned(to, value / kEightDigits);
    return put_eight_digits(to, eight_digits(value % kEightDigits), 0);
  }
  const std::uint64_t digits = eight_digits(value);
  const auto zeros = static_cast<unsigned>(std::countr_zero(digits | std::uint64_t{1} << 56U));
  return put_eight_digits(to, digits, zeros / 8U);
}

// The same.
inline char* put_signed(char* to, std::int64_t value) noexcept {
  auto size = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *to++ = '-';
    size = 0 - size;
  }
  return put_unsigned(to, size);
}

// The text with what JSON needs escaped, bad UTF-8 as U+FFFD; without quotes. At most 6 bytes for
// each byte are written. The slow way; as base/json_writer does it.
char* put_json_escaped(char* to, std::string_view text) noexcept;

#if defined(__SANITIZE_THREAD__)
#define HEADWAY_READS_BEHIND_TEXTS 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HEADWAY_READS_BEHIND_TEXTS 0
#endif
#endif
#if defined(__SSE2__) && !defined(HEADWAY_READS_BEHIND_TEXTS)
// copy_bytes in whole vectors: reads up to 31 bytes behind the text and writes up to 31 behind the
// end.
inline char* copy_loosely(char* to, std::string_view text) noexcept {
  constexpr std::size_t kVector = sizeof(__m128i);
  for (std::size_t at = 0; at < text.size(); at += 2 * kVector) {
    const auto* const from = reinterpret_cast<const __m128i*>(text.data() + at);
    auto* const into = reinterpret_cast<__m128i*>(to + at);
    const __m128i first = _mm_loadu_si128(from);
    const __m128i second = _mm_loadu_si128(from + 1);
    _mm_storeu_si128(into, first);
    _mm_storeu_si128(into + 1, second);
  }
  return to + text.size();
}

// The same. Reads up to 15 bytes behind the text and writes up to 15 behind the end. What stands
// behind is looked at and left alone; it may be the next entry, just being written, which a thread
// sanitizer takes for a race.
inline char* put_json_text(char* to, std::string_view text) noexcept {
  const char* from = text.data();
  std::size_t left = text.size();
  while (true) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
    // Signed: everything above ASCII is below 0x20, too.
    const __m128i odd = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
                                     _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                  _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
    auto hits = static_cast<unsigned>(_mm_movemask_epi8(odd));
    if (left < 16) {
      hits &= (1U << left) - 1U;
    }
    if (hits != 0) {
      return put_json_escaped(to, {from, left});
    }
    if (left <= 16) {
      return to + left;
    }
    from += 16;
    to += 16;
    left -= 16;
  }
}
#else
inline char* copy_loosely(char* to, std::string_view text) noexcept {
  return copy_bytes(to, text.data(), text.size());
}

inline char* put_json_text(char* to, std::string_view text) noexcept {
  return put_json_escaped(to, text);
}
#endif

}  // namespace headway
