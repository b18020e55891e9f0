// `retries`: see the header.
#include "model/retry_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

constexpr NumberRange kMaxRange{0, 100};
constexpr NumberRange kBackoffRange{1, 100};
constexpr NumberRange kJitterRange{0, 1};
constexpr std::int64_t kHighestExitCode = 255;

bool take_reason(const YamlNode& item, RetryRule& rule) {
  if (const auto code = item.as_integer()) {
    if (*code < 1 || *code > kHighestExitCode) {
      return false;
    }
    const int value = static_cast<int>(*code);
    auto& codes = rule.on_exit_codes;
    if (std::find(codes.begin(), codes.end(), value) == codes.end()) {
      codes.push_back(value);
    }
    return true;
  }
  if (!item.is_scalar()) {
    return false;
  }
  rule.on_signal = rule.on_signal || item.text == "signal";
  rule.on_timeout = rule.on_timeout || item.text == "timeout";
  rule.on_oom = rule.on_oom || item.text == "oom";
  return item.text == "signal" || item.text == "timeout" || item.text == "oom";
}

bool read_reasons(ValueReader& reader, const FileField& field, RetryRule& rule) {
  constexpr std::string_view kReasons = "exit codes from 1 to 255, signal, timeout or oom";
  if (!field.value.is_sequence() || field.value.items().empty()) {
    reader.refuse(field, fmt::format("a list of {}", kReasons));
    return false;
  }
  bool good = true;
  for (const YamlNode& item : field.value.items()) {
    if (!take_reason(item, rule)) {
      reader.refuse({field.owner, field.key, item}, fmt::format("one or more of {}", kReasons));
      good = false;
    }
  }
  rule.has_reasons = true;
  return good;
}

bool read_entry(ValueReader& reader, const FileField& field, RetryRule& rule) {
  if (field.key == "max") {
    return reader.read_integer(field, kMaxRange, rule.max);
  }
  if (field.key == "delay") {
    return reader.read_duration(field, ZeroDuration::allowed, rule.delay);
  }
  if (field.key == "backoff") {
    return reader.read_number(field, kBackoffRange, rule.backoff);
  }
  if (field.key == "jitter") {
    return reader.read_number(field, kJitterRange, rule.jitter);
  }
  return read_reasons(reader, field, rule);
}

}  // namespace

void read_retries(ValueReader& reader, const FileField& field, RetryRule& out) {
  RetryRule rule;
  if (field.value.is_scalar()) {
    if (reader.read_integer(field, kMaxRange, rule.max)) {
      out = rule;
    }
    return;
  }
  if (!reader.accept_mapping(field, "a number or a mapping with 'max'")) {
    return;
  }
  bool good = true;
  bool has_max = false;
  const Owner owner{field.owner.kind, field.owner.key, field.key};
  for (const auto& [key, value] : field.value.entries()) {
    if (!reader.accept_key(KeyScope::retries, owner, key)) {
      good = false;
      continue;
    }
    has_max = has_max || key.text == "max";
    good = read_entry(reader, {owner, key.text, value}, rule) && good;
  }
  if (!has_max) {
    reader.problems().add(field.value.at(), fmt::format("{} has no 'max'", describe(field)));
    good = false;
  }
  if (good) {
    out = rule;
  }
}

}  // namespace headway
