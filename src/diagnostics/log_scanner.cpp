// Cleaning and cutting of lines: see the header.
#include "diagnostics/log_scanner.hpp"

#include <algorithm>
#include <cstring>

namespace headway {
namespace {

constexpr char kEscape = '\x1b';

bool is_control(char c) noexcept {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f';
}

// The length of the escape sequence at the start of `text` (ECMA-48: CSI, OSC and its kin, or two
// bytes).
std::size_t escape_length(std::string_view text) noexcept {
  if (text.size() < 2) {
    return text.size();
  }
  std::size_t at = 2;
  if (text[1] == '[') {
    while (at < text.size() && (text[at] < '@' || text[at] > '~')) {
      ++at;
    }
    return at < text.size() ? at + 1 : at;
  }
  if (text[1] == ']' || text[1] == 'P' || text[1] == '_' || text[1] == '^') {
    while (at < text.size() && text[at] != '\a' && text[at] != kEscape) {
      ++at;
    }
    if (at < text.size()) {
      at += text[at] == kEscape && at + 1 < text.size() && text[at + 1] == '\\' ? 2 : 1;
    }
    return at;
  }
  return text[1] == '(' || text[1] == ')' ? std::min<std::size_t>(3, text.size()) : 2;
}

// The last part between carriage returns that would show something.
std::string_view last_part(std::string_view raw) noexcept {
  while (!raw.empty()) {
    const std::size_t cr = raw.rfind('\r');
    const std::string_view part = cr == std::string_view::npos ? raw : raw.substr(cr + 1);
    for (std::size_t at = 0; at < part.size();) {
      if (part[at] == kEscape) {
        at += escape_length(part.substr(at));
      } else if (part[at] == ' ' || is_control(part[at])) {
        ++at;
      } else {
        return part;
      }
    }
    raw = cr == std::string_view::npos ? std::string_view() : raw.substr(0, cr);
  }
  return raw;
}

// Whether one of eight bytes may be below 0x20, or 0x7f. (Bytes below n: "Bit Twiddling
// Hacks", Anderson, haszero and hasless.)
bool has_control(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U, kHighs = 0x8080808080808080U;
  const auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighs; };
  // (A tab counts as well; the caller looks again, byte by byte.)
  return (((bytes - kOnes * 0x20U) & ~bytes & kHighs) | has_zero(bytes ^ (kOnes * 0x7fU))) != 0;
}

bool is_clean(std::string_view raw) noexcept {
  while (!raw.empty()) {
    std::uint64_t bytes = 0;
    const std::size_t step = std::min(raw.size(), sizeof bytes);
    std::memcpy(&bytes, raw.data(), step);
    const bool suspect = step < sizeof bytes || has_control(bytes);
    if (suspect && std::any_of(raw.begin(), raw.begin() + step, is_control)) {
      return false;
    }
    raw.remove_prefix(step);
  }
  return true;
}

void remove_last_character(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80) {
    text.pop_back();
  }
  if (!text.empty()) {
    text.pop_back();
  }
}

}  // namespace

std::string_view clean_line(std::string_view raw, std::string& buffer) {
  if (is_clean(raw)) {
    return raw.substr(0, kMaxLineBytes);
  }
  raw = last_part(raw);
  buffer.clear();
  for (std::size_t at = 0; at < raw.size() && buffer.size() < kMaxLineBytes;) {
    const char c = raw[at];
    if (c == kEscape) {
      at += escape_length(raw.substr(at));
      continue;
    }
    if (c == '\b') {
      remove_last_character(buffer);
    } else if (!is_control(c)) {
      buffer.push_back(c);
    }
    ++at;
  }
  return buffer;
}

void LogScanner::extend(std::string_view piece, std::int64_t offset) {
  const std::size_t cr = piece.rfind('\r', piece.size() < 2 ? 0 : piece.size() - 2);
  const bool returns = cr != std::string_view::npos;
  if (partial_.size() + piece.size() > kMaxRawLine && returns) {
    piece.remove_prefix(cr + 1);
    offset += static_cast<std::int64_t>(cr) + 1;
    partial_.clear();
    overlong_ = false;
  }
  if (overlong_) {
    return;
  }
  if (partial_.empty()) {
    partial_offset_ = offset;
  }
  const std::size_t room = kMaxRawLine - partial_.size();
  overlong_ = piece.size() > room;
  partial_.append(piece.substr(0, room));
}

}  // namespace headway
