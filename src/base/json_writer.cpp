// Appending of JSON text: escaping, commas, numbers. Knows nothing of files.
#include "base/json_writer.hpp"

#include "base/units.hpp"
#include "base/utf8.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace headway {
namespace {

// Longest text of a double or an int64 that std::to_chars makes, with room to spare.
constexpr std::size_t kNumberBuffer = 32;

constexpr std::size_t kShortKey = 29;

constexpr std::uint64_t repeated(unsigned char byte) {
  return 0x0101010101010101ULL * byte;
}

// Whether any of the 8 bytes needs more than copying: below 0x20, '"', '\\', or not ASCII. A zero
// byte of x is found by (x - 0x01...) & ~x & 0x80... (Mycroft); false alarms only above a true one.
bool needs_care(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const std::uint64_t quote = word ^ repeated('"');
  const std::uint64_t backslash = word ^ repeated('\\');
  const std::uint64_t hits = ((quote - repeated(1)) & ~quote) |
                             ((backslash - repeated(1)) & ~backslash) |
                             ((word - repeated(0x20)) & ~word) | word;
  return (hits & repeated(0x80)) != 0;
}

bool is_plain(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  return code >= 0x20 && code < 0x80 && byte != '"' && byte != '\\';
}

// Bytes at the start of `text` that may be copied as they are.
std::size_t plain_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at + 8 <= text.size() && !needs_care(text.data() + at)) {
    at += 8;
  }
  while (at < text.size() && is_plain(text[at])) {
    ++at;
  }
  return at;
}

// The escape of one ASCII character that is not plain.
void append_escape(std::string& out, char byte) {
  constexpr std::string_view kNamed = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  constexpr std::string_view kHex = "0123456789abcdef";
  if (const std::size_t at = kNamed.find(byte); at != std::string_view::npos) {
    out += '\\';
    out += kLetters[at];
    return;
  }
  const auto code = static_cast<unsigned char>(byte);
  out += "\\u00";
  out += kHex[code >> 4U];
  out += kHex[code & 15U];
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (true) {
    const std::size_t plain = plain_prefix(text);
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) {
      break;
    }
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      append_escape(out, text.front());
      text.remove_prefix(1);
    } else {
      const Utf8Step step = utf8_step(text);
      out += step.valid ? text.substr(0, step.length) : kReplacementCharacter;
      text.remove_prefix(step.length);
    }
  }
  out += '"';
}

template <typename Number>
void append_number(std::string& out, Number value) {
  std::array<char, kNumberBuffer> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  out.append(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
}

}  // namespace

JsonWriter::JsonWriter(std::string& out, const SecretSet* secrets)
    : out_(out), secrets_(secrets != nullptr && !secrets->empty() ? secrets : nullptr) {}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
  } else if (!first_) {
    out_ += ',';
  }
  first_ = false;
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  out_ += '{';
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  out_ += '}';
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  out_ += '[';
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  out_ += ']';
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  // A key is nearly always a short word of the program: one append instead of five.
  std::array<char, kShortKey + 3> text;
  if (name.size() <= kShortKey && plain_prefix(name) == name.size()) {
    text[0] = '"';
    std::memcpy(text.data() + 1, name.data(), name.size());
    text[name.size() + 1] = '"';
    text[name.size() + 2] = ':';
    out_.append(text.data(), name.size() + 3);
  } else {
    append_quoted(out_, name);
    out_ += ':';
  }
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  if (secrets_ == nullptr || !secrets_->occurs_in(value)) {
    return token(value);
  }
  return token(secrets_->mask(value));
}

JsonWriter& JsonWriter::token(std::string_view value) {
  separate();
  append_quoted(out_, value);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  if (std::isnan(value)) {
    return token("NaN");
  }
  if (std::isinf(value)) {
    return token(value > 0 ? "Infinity" : "-Infinity");
  }
  separate();
  append_number(out_, value);
  return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
  separate();
  append_number(out_, value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  return raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::null() {
  return raw("null");
}

JsonWriter& JsonWriter::time(WallTime value) {
  separate();
  out_ += '"';
  append_rfc3339(out_, value);
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::seconds(Nanos value) {
  separate();
  const std::int64_t rest = value.count() % 1000;
  const std::int64_t rounded =
      value.count() / 1000 + (rest >= 500 ? 1 : 0) - (rest <= -500 ? 1 : 0);
  std::uint64_t micros = static_cast<std::uint64_t>(rounded);
  if (rounded < 0) {
    out_ += '-';
    micros = 0 - micros;
  }
  append_number(out_, micros / 1'000'000);
  if (std::uint64_t fraction = micros % 1'000'000; fraction != 0) {
    std::array<char, 7> digits{'.', '0', '0', '0', '0', '0', '0'};
    for (std::size_t at = 6; at > 0; --at, fraction /= 10) {
      digits[at] = static_cast<char>('0' + fraction % 10);
    }
    std::string_view text(digits.data(), digits.size());
    out_ += text.substr(0, text.find_last_not_of('0') + 1);
  }
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace headway
