// The forms of a secret: escapes and encodings that tools apply before they print. Knows nothing of
// matching.
#include "base/secret_encodings.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace headway {
namespace {

// Longer values are known by their lines, longer lines by their pieces: a masker holds back, and an
// automaton grows by, a bounded number of bytes.
constexpr std::size_t kMaxWholeBytes = 4096;
constexpr std::size_t kPieceBytes = 1024;

constexpr std::string_view kLowerHex = "0123456789abcdef";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";

// Words that stand in half of all output; as a secret they are a placeholder.
constexpr std::array<std::string_view, 36> kCommonWords{
    "true",     "false",  "null",    "none",   "nil",      "undefined", "root",       "admin",
    "user",     "guest",  "test",    "tests",  "example",  "localhost", "default",    "enabled",
    "disabled", "debug",  "release", "info",   "warning",  "error",     "production", "development",
    "staging",  "main",   "master",  "latest", "password", "secret",    "token",      "changeme",
    "postgres", "public", "private", "local"};

bool is_alphanumeric(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& byte : lower) {
    if (byte >= 'A' && byte <= 'Z') {
      byte = static_cast<char>(byte - 'A' + 'a');
    }
  }
  return lower;
}

void append_unicode_escape(std::string& out, std::uint32_t unit, std::string_view digits) {
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) {
    out += digits[(unit >> shift) & 15U];
  }
}

// How a writer of JSON treats what it may, but need not, escape.
struct JsonStyle {
  std::string_view digits = kLowerHex;
  bool ascii_only = false;    // Python's default: "\u00e9"
  bool slashes = false;       // PHP's default: "\/"
  bool html_safe = false;     // Go's default: "\u003c" for '<'
  bool short_escapes = true;  // "\n", not "\u000a"
};

// The code point of a well-formed multi-byte character at `text[at]`; `at` moves past it.
std::uint32_t take_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  std::uint32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
    code = (code << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  at += length;
  return code;
}

void append_json_ascii(std::string& out, char byte, const JsonStyle& style) {
  constexpr std::string_view kNamed = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const std::size_t named = kNamed.find(byte);
  const bool must_be_short = byte == '"' || byte == '\\';
  if (named != std::string_view::npos && (style.short_escapes || must_be_short)) {
    out += '\\';
    out += kLetters[named];
  } else if (byte == '/' && style.slashes) {
    out += "\\/";
  } else if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F ||
             (style.html_safe && (byte == '<' || byte == '>' || byte == '&'))) {
    append_unicode_escape(out, static_cast<unsigned char>(byte), style.digits);
  } else {
    out += byte;
  }
}

// The inside of a JSON string that holds `text` (well-formed UTF-8).
std::string json_escaped(std::string_view text, const JsonStyle& style) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80 || !style.ascii_only) {
      append_json_ascii(out, text[at++], style);
      continue;
    }
    const std::uint32_t code = take_code_point(text, at);
    if (code >= 0x10000) {
      append_unicode_escape(out, 0xD800U + ((code - 0x10000U) >> 10U), style.digits);
      append_unicode_escape(out, 0xDC00U + ((code - 0x10000U) & 0x3FFU), style.digits);
    } else {
      append_unicode_escape(out, code, style.digits);
    }
  }
  return out;
}

void append_json_forms(std::string_view value, std::vector<std::string>& forms) {
  const std::string text = to_valid_utf8(value);
  forms.push_back(json_escaped(text, {}));
  forms.push_back(json_escaped(text, {.slashes = true}));
  forms.push_back(json_escaped(text, {.html_safe = true}));
  forms.push_back(json_escaped(text, {.ascii_only = true}));
  forms.push_back(json_escaped(text, {.ascii_only = true, .slashes = true}));
  forms.push_back(json_escaped(text, {.digits = kUpperHex, .ascii_only = true}));
  forms.push_back(json_escaped(text, {.short_escapes = false}));
}

// Bytes outside letters, digits and `safe` as %XX.
std::string url_encoded(std::string_view value, std::string_view safe, std::string_view digits) {
  std::string out;
  for (const char byte : value) {
    if (is_alphanumeric(byte) || safe.find(byte) != std::string_view::npos) {
      out += byte;
    } else {
      out += '%';
      out += digits[static_cast<unsigned char>(byte) >> 4U];
      out += digits[static_cast<unsigned char>(byte) & 15U];
    }
  }
  return out;
}

void append_url_forms(std::string_view value, std::vector<std::string>& forms) {
  // RFC 3986; Python's quote (keeps '/'); JavaScript's encodeURIComponent; the rules for the user
  // part of a URL (keeps sub-delims); HTML forms.
  constexpr std::array<std::string_view, 5> kSafe{
      "-._~", "-._~/", "-._~!*'()", "-._~!$&'()*+,;=", "-._*"};
  for (const std::string_view digits : {kUpperHex, kLowerHex}) {
    for (const std::string_view safe : kSafe) {
      forms.push_back(url_encoded(value, safe, digits));
    }
  }
  // Forms and Python's quote_plus write a space as '+'.
  for (const std::string_view digits : {kUpperHex, kLowerHex}) {
    for (const std::string_view safe : {"-._* ", "-._~ "}) {
      std::string form = url_encoded(value, safe, digits);
      std::replace(form.begin(), form.end(), ' ', '+');
      forms.push_back(std::move(form));
    }
  }
}

// Base64 where `skip` unknown bytes (0 to 2) stand before the value: only the characters that the
// value alone decides; and, for a value at the end of what was encoded, its last character as well.
void append_base64_forms(std::string_view value,
                         std::string_view alphabet,
                         std::vector<std::string>& forms) {
  for (std::size_t skip = 0; skip < 3; ++skip) {
    std::string core;
    const std::size_t first_bit = skip * 8;
    const std::size_t end_bit = first_bit + value.size() * 8;
    const auto bit = [&](std::size_t at) -> unsigned {
      if (at >= end_bit) {
        return 0;
      }
      const auto byte = static_cast<unsigned char>(value[(at - first_bit) / 8]);
      return (byte >> (7 - at % 8)) & 1U;
    };
    const auto character = [&](std::size_t index) {
      unsigned code = 0;
      for (std::size_t i = 0; i < 6; ++i) {
        code = code * 2 + bit(index * 6 + i);
      }
      return alphabet[code];
    };
    const std::size_t first = (first_bit + 5) / 6;
    const std::size_t end = end_bit / 6;
    for (std::size_t index = first; index < end; ++index) {
      core += character(index);
    }
    forms.push_back(core);
    if (const std::size_t rest = end_bit % 6; rest != 0) {
      forms.push_back(core + character(end));
      forms.push_back(core + character(end) + (rest == 2 ? "==" : "="));
    }
  }
}

void append_hex_forms(std::string_view value, std::vector<std::string>& forms) {
  for (const std::string_view digits : {kLowerHex, kUpperHex}) {
    std::string form;
    for (const char byte : value) {
      form += digits[static_cast<unsigned char>(byte) >> 4U];
      form += digits[static_cast<unsigned char>(byte) & 15U];
    }
    forms.push_back(std::move(form));
  }
}

// What base64 tools make of a long value alone: lines of 76 (coreutils, Python) or 64 characters.
void append_base64_lines(std::string_view value,
                         std::string_view alphabet,
                         std::vector<std::string>& forms) {
  constexpr std::size_t kShortestRest = 6;  // (four characters may be any word)
  for (const std::size_t bytes : {std::size_t{57}, std::size_t{48}}) {
    for (std::size_t at = 0; value.size() > bytes && at + kShortestRest <= value.size();
         at += bytes) {
      append_base64_forms(value.substr(at, bytes), alphabet, forms);
    }
  }
}

// As it stands inside quotes of a shell: single, with a quote as '\'' (also what `set -x` prints)
// or as '"'"' (Python); double; and without quotes (printf %q).
void append_shell_forms(std::string_view value, std::vector<std::string>& forms) {
  constexpr std::string_view kPlain = "%+,-./:=@_";
  std::array<std::string, 2> in_single;
  std::string in_double;
  std::string bare;
  for (const char byte : value) {
    in_single[0] += byte == '\'' ? std::string("'\\''") : std::string(1, byte);
    in_single[1] += byte == '\'' ? std::string("'\"'\"'") : std::string(1, byte);
    if (std::string_view("\"\\$`").find(byte) != std::string_view::npos) {
      in_double += '\\';
    }
    in_double += byte;
    const bool is_plain = is_alphanumeric(byte) || static_cast<unsigned char>(byte) >= 0x80 ||
                          kPlain.find(byte) != std::string_view::npos;
    bare += is_plain ? std::string(1, byte) : std::string("\\") + byte;
  }
  forms.insert(forms.end(), in_single.begin(), in_single.end());
  forms.push_back(std::move(in_double));
  forms.push_back(std::move(bare));
}

void append_encodings(std::string_view value, std::vector<std::string>& forms) {
  constexpr std::string_view kStandard =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::string_view kUrlSafe =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  forms.emplace_back(value);
  append_json_forms(value, forms);
  append_url_forms(value, forms);
  append_base64_forms(value, kStandard, forms);
  append_base64_forms(value, kUrlSafe, forms);
  append_base64_lines(value, kStandard, forms);
  append_hex_forms(value, forms);
  append_shell_forms(value, forms);
}

// Each piece of an endless line is a secret of its own: encodings of the whole line hold those of
// its pieces (base64 at one of the three alignments).
void append_line(std::string_view line, std::vector<std::string>& forms) {
  while (line.size() > kMaxWholeBytes) {
    append_encodings(line.substr(0, kPieceBytes), forms);
    line.remove_prefix(kPieceBytes);
  }
  append_encodings(line, forms);
}

}  // namespace

bool is_worth_masking(std::string_view value) {
  constexpr std::size_t kSmallNumberDigits = 5;  // a port, a count, a year
  const std::string_view word = trim(value);
  if (word.size() < kMinSecretBytes || word.substr(0, 5) == "-----") {  // "-----BEGIN ... KEY-----"
    return false;
  }
  if (std::all_of(word.begin(), word.end(), is_digit)) {
    return word.size() > kSmallNumberDigits;
  }
  const bool one_byte = std::all_of(word.begin(), word.end(), [&](char b) { return b == word[0]; });
  if (one_byte && !is_alphanumeric(word[0])) {
    return false;  // "****", "----"
  }
  const std::string lower = lower_case(word);
  return std::find(kCommonWords.begin(), kCommonWords.end(), lower) == kCommonWords.end();
}

void append_secret_forms(std::string_view value, std::vector<std::string>& forms) {
  const std::size_t before = forms.size();
  const bool whole = value.size() <= kMaxWholeBytes;
  if (whole && (is_worth_masking(value) || value.find('\n') != std::string_view::npos)) {
    append_encodings(value, forms);
  }
  // White space around a value, and its newline at the end, are often gone when a tool prints it.
  for (const std::string_view line : split(value, '\n')) {
    if (const std::string_view word = trim(line);
        is_worth_masking(word) && !(whole && word == value)) {
      append_line(word, forms);
    }
  }
  forms.erase(std::remove_if(forms.begin() + static_cast<std::ptrdiff_t>(before),
                             forms.end(),
                             [](const std::string& form) { return form.size() < kMinSecretBytes; }),
              forms.end());
}

}  // namespace headway
