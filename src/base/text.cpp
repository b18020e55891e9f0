// Small text functions. Pure; knows no file, no clock, no locale.
#include "base/text.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace headway {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Optimal string alignment distance (Damerau 1964, without edits of edited pairs); stops above
// `bound`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t bound) {
  if ((a.size() > b.size() ? a.size() - b.size() : b.size() - a.size()) > bound) {
    return bound + 1;
  }
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    last[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

}  // namespace

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find(separator, begin)) != std::string_view::npos;
       begin = end + 1) {
    out.push_back(text.substr(begin, end - begin));
  }
  out.push_back(text.substr(begin));
  return out;
}

std::string join(const std::vector<std::string>& pieces, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    out.append(i == 0 ? std::string_view{} : separator).append(pieces[i]);
  }
  return out;
}

std::optional<std::string> nearest_name(std::string_view name,
                                        const std::vector<std::string_view>& candidates) {
  std::size_t bound = std::max<std::size_t>(1, name.size() / 3);
  std::optional<std::string> best;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate, bound);
    if (distance <= bound && (!best || distance < bound)) {
      best = std::string(candidate);
      bound = distance;
    }
  }
  return best;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool plain = is_word_byte(c) || c == '_' || c == '-' || (c == '.' && !out.empty());
    if (plain) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      out.push_back('%');
      out.push_back(kHex[byte >> 4U]);
      out.push_back(kHex[byte & 15U]);
    }
  }
  return out;
}

std::string to_valid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const Utf8Step step = utf8_step(bytes);
    out.append(step.valid ? bytes.substr(0, step.length) : kReplacementCharacter);
    bytes.remove_prefix(step.length);
  }
  return out;
}

std::string shell_quote(std::string_view text) {
  // Never special to a POSIX shell within a word; '=' alone would make NAME=... an assignment.
  constexpr std::string_view kPlain = "_-./:,+@%";
  const bool is_plain = !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_word_byte(c) || kPlain.find(c) != std::string_view::npos ||
           (c == '=' && text.front() == '-');
  });
  if (is_plain) {
    return std::string(text);
  }
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out.push_back(c);
    }
  }
  return out + "'";
}

}  // namespace headway
