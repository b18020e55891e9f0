// YamlDocument: the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema) and the
// arena. Knows nothing of workflows.
#include "model/yaml_document.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

namespace headway {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool has_sign(std::string_view text) {
  return !text.empty() && (text.front() == '+' || text.front() == '-');
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_core_number(std::string_view text) {
  std::size_t i = has_sign(text) ? 1 : 0;
  const auto digits = [&] {
    const std::size_t first = i;
    while (i < text.size() && is_digit(text[i])) {
      ++i;
    }
    return i - first;
  };
  const std::size_t whole = digits();
  std::size_t fraction = 0;
  if (i < text.size() && text[i] == '.') {
    ++i;
    fraction = digits();
  }
  if (whole + fraction == 0) {
    return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    i += has_sign(text.substr(i)) ? 1 : 0;
    if (digits() == 0) {
      return false;
    }
  }
  return i == text.size();
}

std::optional<std::int64_t> whole_number(std::string_view digits, int base) {
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, value, base);
  if (digits.empty() || error != std::errc() || rest != end) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

bool YamlNode::is_null() const noexcept {
  return is_scalar() && plain &&
         (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

std::optional<bool> YamlNode::as_boolean() const noexcept {
  if (is_scalar() && plain) {
    if (text == "true" || text == "True" || text == "TRUE") {
      return true;
    }
    if (text == "false" || text == "False" || text == "FALSE") {
      return false;
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> YamlNode::as_integer() const noexcept {
  if (!is_scalar() || !plain) {
    return std::nullopt;
  }
  const std::string_view prefix = text.substr(0, 2);
  if (prefix == "0o" || prefix == "0x") {
    const std::string_view digits = text.substr(2);
    return has_sign(digits) ? std::nullopt : whole_number(digits, prefix == "0o" ? 8 : 16);
  }
  std::string_view digits = text;
  if (digits.substr(0, 1) == "+") {
    digits.remove_prefix(1);
    if (has_sign(digits)) {
      return std::nullopt;
    }
  }
  return whole_number(digits, 10);
}

std::optional<double> YamlNode::as_number() const noexcept {
  if (const auto whole = as_integer()) {
    return static_cast<double>(*whole);
  }
  if (!is_scalar() || !plain || !is_core_number(text)) {
    return std::nullopt;
  }
  const char* first = text.data() + (text.front() == '+' ? 1 : 0);
  double value = 0;
  const auto [rest, error] = std::from_chars(first, text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::string_view ScalarArena::store(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  char* target = nullptr;
  if (text.size() > kBlockBytes / 4) {  // a block of its own: the rest of the open one is not lost
    blocks_.push_back(std::make_unique<char[]>(text.size()));
    target = blocks_.back().get();
  } else {
    if (text.size() > free_bytes_) {
      blocks_.push_back(std::make_unique<char[]>(kBlockBytes));
      free_ = blocks_.back().get();
      free_bytes_ = kBlockBytes;
    }
    target = free_;
    free_ += text.size();
    free_bytes_ -= text.size();
  }
  std::memcpy(target, text.data(), text.size());
  return {target, text.size()};
}

}  // namespace headway
