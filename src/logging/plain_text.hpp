// Copying of short texts, and of those that JSON takes as they are. The hot loops of logging. Knows
// nothing of records.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace headway {

// memcpy of what is short as a rule, without a call; where the copy ends.
inline char* copy_bytes(char* to, const char* from, std::size_t bytes) noexcept {
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

// "000102...99".
inline constexpr auto kDigitPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

// The number in decimal digits, at most 20; where it ends.
inline char* put_unsigned(char* to, std::uint64_t value) noexcept {
  std::size_t count = 1;
  for (std::uint64_t rest = value; rest >= 10; rest /= 100) {
    count += rest >= 100 ? 2 : 1;
  }
  char* const end = to + count;
  char* at = end;
  for (; value >= 100; value /= 100) {
    at -= 2;
    std::memcpy(at, kDigitPairs.data() + 2 * (value % 100), 2);
  }
  if (value >= 10) {
    std::memcpy(at - 2, kDigitPairs.data() + 2 * value, 2);
  } else {
    *(at - 1) = static_cast<char>('0' + value);
  }
  return end;
}

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
inline char* put_json_text(char* to, std::string_view text) noexcept {
  return put_json_escaped(to, text);
}
#endif

}  // namespace headway
