// The shape of a line: see the header.
#include "diagnostics/line_record.hpp"

#include <algorithm>

namespace headway {
namespace {

constexpr std::size_t kLookedAt = 300;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

LineStart start_of(char c) noexcept {
  if (is_lower(c)) {
    return LineStart::lower;
  }
  if (is_upper(c)) {
    return LineStart::upper;
  }
  if (is_digit(c)) {
    return LineStart::digit;
  }
  if (c == '[' || c == '(' || c == '{' || c == '<') {
    return LineStart::bracket;
  }
  return static_cast<unsigned char>(c) < 0x80 ? LineStart::mark : LineStart::other;
}

// Both hashes of a line (FNV-1a), a character at a time.
class LineHashes {
 public:
  void take(char c) noexcept {
    if (is_digit(c)) {
      if (digits_ == 0) {
        mix(kind_, '0');
        first_ = c;
      }
      ++digits_;
      zero_ = zero_ && c == '0';
      return;
    }
    if (digits_ > 0) {
      const bool special = first_ == '4' || first_ == '5';
      mix(look_, 128U + std::min(digits_, 4U) + (zero_ ? 8U : 0U) + (special ? 16U : 0U));
      digits_ = 0;
      zero_ = true;
    }
    mix(kind_, static_cast<unsigned char>(c));
    mix(look_, static_cast<unsigned char>(c));
  }
  std::uint32_t kind() const noexcept { return folded(kind_); }
  std::uint32_t look() const noexcept { return folded(look_); }

 private:
  static void mix(std::uint64_t& hash, unsigned value) noexcept {
    hash = (hash ^ value) * 0x100000001b3U;
  }
  static std::uint32_t folded(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
  }

  std::uint64_t kind_ = 0xcbf29ce484222325U, look_ = 0xcbf29ce484222325U;
  unsigned digits_ = 0;
  char first_ = '0';
  bool zero_ = true;
};

}  // namespace

LineRecord describe_line(const LogLine& line, const RawRange& raw) {
  LineRecord record;
  record.offset = raw.offset;
  record.raw_length = static_cast<std::uint32_t>(raw.length);
  record.number = static_cast<std::uint32_t>(line.number);
  std::string_view text = line.text;
  std::size_t indent = 0;
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    indent += text.front() == '\t' ? 4 : 1;
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  record.indent = static_cast<std::uint8_t>(std::min<std::size_t>(indent, 255));
  record.length = static_cast<std::uint16_t>(text.size());
  if (text.empty()) {
    return record;
  }
  record.start = start_of(text.front());
  text = text.substr(0, kLookedAt);
  LineHashes hashes;
  std::size_t letters = 0;
  char before = ' ';
  for (const char c : text) {
    letters += is_lower(c) || is_upper(c) ? 1 : 0;
    record.has_path = record.has_path || (c == '/' && before != ' ' && before != '/');
    record.has_quote = record.has_quote || c == '\'' || c == '"' || c == '`';
    record.has_colon = record.has_colon || (c == ' ' && before == ':');
    hashes.take(c);
    before = c;
  }
  hashes.take(' ');
  record.kind = hashes.kind();
  record.look = hashes.look();
  record.letters = static_cast<std::uint8_t>(100 * letters / text.size());
  return record;
}

}  // namespace headway
