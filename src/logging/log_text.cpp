// Writing of a record as text. Knows nothing of files.
#include "logging/log_text.hpp"

#include "base/units.hpp"
#include "base/utf8.hpp"
#include "logging/log_limits.hpp"

#include <fmt/format.h>

#include <iterator>

namespace headway {
namespace {

constexpr std::string_view kCutMark = "...";

// C0, DEL, and C1 in its two bytes of UTF-8.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  return first < 0x20 || first == 0x7F ||
         (first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
}

void append_control(std::string& out, std::string_view character) {
  if (character == "\n") {
    out += "\\n";
  } else if (character == "\t") {
    out += "\\t";
  } else if (character == "\r") {
    out += "\\r";
  } else {
    const auto code = static_cast<unsigned char>(character.back());
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", code);
  }
}

bool is_plain_value(std::string_view value) {
  return value.find_first_of(" =\"") == std::string_view::npos && !value.empty();
}

// Appends to one record's line.
class LineWriter {
 public:
  LineWriter(std::string& out, const SecretSet* secrets) : out_(out), secrets_(secrets) {}

  void text(std::string_view value) {
    std::string storage;
    const std::string_view masked = masked_text(value, secrets_, storage);
    const std::string_view fit = cut_text(masked, kMaxFieldBytes);
    append_escaped_text(out_, fit);
    if (fit.size() < masked.size()) {
      out_ += kCutMark;
    }
  }

  void attribute(const LogAttribute& attribute) {
    out_ += ' ';
    text(attribute_name(attribute));
    out_ += '=';
    if (const auto* value = std::get_if<std::string_view>(&attribute.value)) {
      const bool plain = is_plain_value(*value);
      out_ += plain ? "" : "\"";
      text(*value);
      out_ += plain ? "" : "\"";
    } else if (const auto* flag = std::get_if<bool>(&attribute.value)) {
      out_ += *flag ? "true" : "false";
    } else if (const auto* integer = std::get_if<std::int64_t>(&attribute.value)) {
      fmt::format_to(std::back_inserter(out_), "{}", *integer);
    } else if (const auto* number = std::get_if<double>(&attribute.value)) {
      fmt::format_to(std::back_inserter(out_), "{}", *number);
    } else if (const auto* seconds = std::get_if<Seconds>(&attribute.value)) {
      fmt::format_to(std::back_inserter(out_), "{}", seconds->count());
    } else if (const auto* large = std::get_if<std::uint64_t>(&attribute.value)) {
      fmt::format_to(std::back_inserter(out_), "{}", *large);
    } else {
      out_ += "null";
    }
  }

 private:
  std::string& out_;
  const SecretSet* secrets_;
};

}  // namespace

std::string_view text_label(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::debug:
      return "DEBUG   ";
    case LogLevel::info:
      return "INFO    ";
    case LogLevel::warning:
      return "WARNING ";
    case LogLevel::error:
      return "ERROR   ";
    case LogLevel::critical:
      return "CRITICAL";
  }
  return "INFO    ";
}

void append_escaped_text(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const Utf8Step step = utf8_step(text);
    const std::string_view character = text.substr(0, step.length);
    if (!step.valid) {
      out += kReplacementCharacter;
    } else if (is_control(character)) {
      append_control(out, character);
    } else {
      out += character;
    }
    text.remove_prefix(step.length);
  }
}

void append_text_value(std::string& out, std::string_view value) {
  const bool plain = is_plain_value(value);
  out += plain ? "" : "\"";
  append_escaped_text(out, value);
  out += plain ? "" : "\"";
}

void append_text_line(std::string& out, const LogRecord& record, const SecretSet* secrets) {
  const std::size_t start = out.size();
  LineWriter line(out, secrets);
  append_rfc3339(out, record.time);
  fmt::format_to(std::back_inserter(out), " {} ", text_label(record.level));
  line.text(record.logger);
  out += ' ';
  if (!record.stage_name.empty()) {
    out += '[';
    line.text(record.stage_name);
    out += "] ";
  }
  line.text(record.message);
  for (const LogAttribute& attribute : record.attributes) {
    line.attribute(attribute);
  }
  for (const ExceptionLink& link : record.exception) {
    out += &link == record.exception.data() ? " exception: " : ", caused by ";
    line.text(link.type);
    out += ": ";
    line.text(link.message);
  }
  const std::size_t longest = kMaxRecordBytes - kCutMark.size() - 1;
  if (out.size() - start > longest) {
    out.resize(start + cut_text(std::string_view(out).substr(start), longest).size());
    out += kCutMark;
  }
  out += '\n';
}

}  // namespace headway
