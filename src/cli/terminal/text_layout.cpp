// Text as a terminal shows it; see text_layout.hpp. Knows no stream and no run.
#include "cli/terminal/text_layout.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace headway::cli {
namespace {

constexpr int kTabStop = 8;

// The code point at `at` of valid UTF-8; moves `at` behind it.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  int rest = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  std::uint32_t code = rest == 0 ? lead : lead & (0x3FU >> rest);
  for (; rest > 0 && at < text.size(); --rest) {
    code = (code << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  }
  return code;
}

struct Range {
  std::uint32_t first, last;
};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, std::uint32_t code) {
  for (const Range& range : ranges) {
    if (code >= range.first && code <= range.last) {
      return true;
    }
  }
  return false;
}

// After Unicode's EastAsianWidth (W and F) and the zero-width marks, by blocks: enough for columns.
int width_of(std::uint32_t code) {
  static constexpr std::array<Range, 5> kZero{
      {{0x300, 0x36F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}}};
  static constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                               {0x2E80, 0xA4CF},
                                               {0xAC00, 0xD7A3},
                                               {0xF900, 0xFAFF},
                                               {0xFE30, 0xFE6F},
                                               {0xFF00, 0xFF60},
                                               {0xFFE0, 0xFFE6},
                                               {0x1F300, 0x1FAFF},
                                               {0x20000, 0x3FFFD}}};
  return is_in(kZero, code) ? 0 : is_in(kWide, code) ? 2 : 1;
}

// Marks that turn the direction of text round, and line separators: they steer, too.
bool is_steering(std::uint32_t code) {
  return (code >= 0x80 && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029;
}

void append_escaped(std::string& out, std::uint32_t code) {
  if (code == '\n') {
    out += "\\n";
  } else if (code == '\t') {
    out += "\\t";
  } else if (code == '\r') {
    out += "\\r";
  } else if (code < 0x100) {
    out += fmt::format("\\x{:02x}", code);
  } else {
    out += fmt::format("\\u{:04x}", code);
  }
}

// Behind the escape sequence that starts at `at` (ECMA-48: CSI, OSC and other strings, and the
// short ones; ECMA-35: those with bytes between, such as the "ESC ( B" of `tput sgr0`).
std::size_t skip_escape(std::string_view text, std::size_t at) {
  if (++at >= text.size()) {
    return at;
  }
  const char kind = text[at++];
  if (kind == '[') {
    while (at < text.size() && (text[at] < 0x40 || text[at] > 0x7E)) {
      ++at;
    }
    return at < text.size() ? at + 1 : at;
  }
  if (kind == ']' || kind == 'P' || kind == '_' || kind == '^' || kind == 'X') {
    while (at < text.size() && text[at] != '\a' && text[at] != '\x1b') {
      ++at;
    }
    return at >= text.size() ? at : text[at] == '\a' ? at + 1 : std::min(at + 2, text.size());
  }
  for (char last = kind; last >= 0x20 && last <= 0x2F && at < text.size();) {
    last = text[at++];
  }
  return at;
}

// Of valid UTF-8; tabs widened.
std::string without_escapes(std::string_view line) {
  std::string text;
  int column = 0;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == '\x1b') {
      at = skip_escape(line, at);
    } else if (line[at] == '\t') {
      const int spaces = kTabStop - column % kTabStop;
      text.append(static_cast<std::size_t>(spaces), ' ');
      column += spaces;
      ++at;
    } else {
      const std::size_t start = at;
      column += width_of(next_code_point(line, at));
      text.append(line, start, at - start);
    }
  }
  return text;
}

// Columns of the next code point, or of an escape sequence (none); moves `at` behind it.
int step(std::string_view text, std::size_t& at) {
  if (text[at] == '\x1b') {
    at = skip_escape(text, at);
    return 0;
  }
  return width_of(next_code_point(text, at));
}

}  // namespace

std::string printable(std::string_view text) {
  const std::string valid = to_valid_utf8(text);
  std::string out;
  out.reserve(valid.size());
  for (std::size_t at = 0; at < valid.size();) {
    const std::size_t start = at;
    const std::uint32_t code = next_code_point(valid, at);
    if (code < 0x20 || code == 0x7F || is_steering(code)) {
      append_escaped(out, code);
    } else {
      out.append(valid, start, at - start);
    }
  }
  return out;
}

std::string output_line(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) {
    line.remove_suffix(1);
  }
  if (const std::size_t at = line.rfind('\r'); at != std::string_view::npos) {
    line.remove_prefix(at + 1);
  }
  return printable(without_escapes(to_valid_utf8(line)));
}

int display_width(std::string_view text) {
  int width = 0;
  for (std::size_t at = 0; at < text.size();) {
    width += step(text, at);
  }
  return width;
}

std::string cut_to_width(std::string_view text, int columns) {
  if (display_width(text) <= columns) {
    return std::string(text);
  }
  const std::string_view mark = columns >= 6 ? "..." : "";
  const int room = columns - static_cast<int>(mark.size());
  int width = 0;
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    width += step(text, at);
    if (width > room) {
      break;
    }
    end = at;
  }
  const std::string_view kept = text.substr(0, end);
  const bool painted = kept.find('\x1b') != std::string_view::npos;
  return std::string(kept).append(mark).append(painted ? "\x1b[0m" : "");
}

std::string pad_right(std::string_view text, int columns) {
  const int missing = columns - display_width(text);
  return std::string(text).append(missing > 0 ? static_cast<std::size_t>(missing) : 0, ' ');
}

std::string pad_left(std::string_view text, int columns) {
  const int missing = columns - display_width(text);
  return std::string(missing > 0 ? static_cast<std::size_t>(missing) : 0, ' ').append(text);
}

std::string count_of(long long number, std::string_view singular) {
  return fmt::format("{} {}{}", number, singular, number == 1 ? "" : "s");
}

}  // namespace headway::cli
