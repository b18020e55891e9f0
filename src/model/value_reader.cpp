// ValueReader: see the header.
#include "model/value_reader.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <unordered_set>

namespace headway {
namespace {

// How a value is spelled in a message.
std::string spelled(const YamlNode& value) {
  switch (value.kind) {
    case YamlKind::sequence:
      return "a list";
    case YamlKind::mapping:
      return "a mapping";
    case YamlKind::scalar:
      break;
  }
  const char* quotes = value.plain ? "'" : "'\"";
  const char* closing = value.plain ? "'" : "\"'";
  return fmt::format("{}{}{}", quotes, shown(value.text), closing);
}

std::string number_words(double value) {
  return fmt::format("{}", value);
}

}  // namespace

void ValueReader::refuse(const FileField& field, std::string_view expected) {
  problems_.add(
      field.value.at(),
      fmt::format("{} must be {}, not {}", describe(field), expected, spelled(field.value)));
}

bool ValueReader::has_value(const FileField& field) {
  if (field.value.is_null()) {
    problems_.add(field.value.at(), fmt::format("{} has no value", describe(field)));
    return false;
  }
  return true;
}

bool ValueReader::accept_key(KeyScope scope, const Owner& owner, const YamlNode& key) {
  if (is_refused_key(key)) {
    return false;
  }
  const auto known = known_keys(scope);
  for (const KnownKey& candidate : known) {
    if (candidate.name != key.text) {
      continue;
    }
    if (!candidate.built) {
      const std::string of = owner.kind.empty() ? "" : " of " + describe(owner);
      problems_.add_not_built(key.at(), fmt::format("key '{}'{} is not built yet", key.text, of));
    }
    return candidate.built;
  }
  std::vector<std::string_view> names;
  for (const KnownKey& candidate : known) {
    names.push_back(candidate.name);
  }
  problems_.add(key.at(),
                fmt::format("{} has unknown key '{}'", describe(owner), shown(key.text)),
                problems_.suggest(key.text, names));
  return false;
}

bool ValueReader::accept_mapping(const FileField& field, std::string_view of_what) {
  if (!has_value(field)) {
    return false;
  }
  if (!field.value.is_mapping()) {
    refuse(field, of_what);
    return false;
  }
  return true;
}

bool ValueReader::read_text(const FileField& field, std::string& out) {
  if (!has_value(field)) {
    return false;
  }
  if (!field.value.is_scalar()) {
    refuse(field, "text");
    return false;
  }
  if (field.value.text.find('\0') != std::string_view::npos) {
    problems_.add(field.value.at(), fmt::format("{} holds a NUL byte", describe(field)));
    return false;
  }
  out.assign(field.value.text);
  return true;
}

bool ValueReader::read_name(const FileField& field, std::string& out) {
  if (field.value.is_scalar() && !field.value.plain && trim(field.value.text).empty()) {
    problems_.add(field.value.at(), fmt::format("{} is empty", describe(field)));
    return false;
  }
  return read_text(field, out);
}

bool ValueReader::read_boolean(const FileField& field, bool& out) {
  if (!has_value(field)) {
    return false;
  }
  const auto value = field.value.as_boolean();
  if (!value) {
    refuse(field, "true or false");
    return false;
  }
  out = *value;
  return true;
}

bool ValueReader::read_integer(const FileField& field, NumberRange range, int& out) {
  if (!has_value(field)) {
    return false;
  }
  const auto value = field.value.as_integer();
  if (!value || static_cast<double>(*value) < range.min ||
      static_cast<double>(*value) > range.max) {
    refuse(field,
           fmt::format(
               "a whole number from {} to {}", number_words(range.min), number_words(range.max)));
    return false;
  }
  out = static_cast<int>(*value);
  return true;
}

bool ValueReader::read_number(const FileField& field, NumberRange range, double& out) {
  if (!has_value(field)) {
    return false;
  }
  const auto value = field.value.as_number();
  if (!value || *value < range.min || *value > range.max) {
    refuse(field,
           fmt::format("a number from {} to {}", number_words(range.min), number_words(range.max)));
    return false;
  }
  out = *value;
  return true;
}

bool ValueReader::read_duration(const FileField& field, ZeroDuration zero, Nanos& out) {
  if (!has_value(field)) {
    return false;
  }
  if (field.value.is_scalar()) {
    const auto span = parse_duration(field.value.text);
    const bool above = span && (zero == ZeroDuration::allowed || *span > Nanos::zero());
    if (above && *span <= kMaxDuration) {
      out = *span;
      return true;
    }
  }
  refuse(field,
         fmt::format("a duration such as 90s, 10m or 1h30m{}, at most 366d",
                     zero == ZeroDuration::allowed ? "" : ", above 0"));
  return false;
}

bool ValueReader::read_size(const FileField& field, std::int64_t& out) {
  if (!has_value(field)) {
    return false;
  }
  if (field.value.is_scalar()) {
    if (const auto size = parse_size(field.value.text)) {
      out = *size;
      return true;
    }
  }
  refuse(field, "a size such as 512MiB or 2GB");
  return false;
}

bool ValueReader::read_names(const FileField& field,
                             std::string_view what,
                             std::vector<std::string>& out) {
  if (!has_value(field)) {
    return false;
  }
  if (!field.value.is_sequence()) {
    refuse(field, "a list");
    return false;
  }
  bool good = true;
  std::vector<std::string> names;
  std::unordered_set<std::string_view> seen;
  for (const YamlNode& item : field.value.items()) {
    std::string name;
    if (!item.is_scalar() || item.is_null() || trim(item.text).empty()) {
      refuse({field.owner, field.key, item}, fmt::format("a list with the {} in each item", what));
      good = false;
    } else if (!read_text({field.owner, field.key, item}, name)) {
      good = false;
    } else if (!seen.insert(item.text).second) {
      problems_.add(item.at(), fmt::format("{} has '{}' twice", describe(field), shown(name)));
      good = false;
    } else {
      names.push_back(std::move(name));
    }
  }
  if (good) {
    out = std::move(names);
  }
  return good;
}

bool ValueReader::read_environment(const FileField& field, EnvironmentList& out) {
  if (!accept_mapping(field, "a mapping of names to values")) {
    return false;
  }
  bool good = true;
  for (const auto& [key, value] : field.value.entries()) {
    if (is_refused_key(key)) {
      continue;
    }
    const bool bad_name = key.text.empty() || key.text.find('=') != std::string_view::npos ||
                          key.text.find('\0') != std::string_view::npos;
    if (bad_name) {
      problems_.add(key.at(),
                    fmt::format("{} has a variable '{}': a name is not empty and has no '='",
                                describe(field),
                                shown(key.text)));
      good = false;
      continue;
    }
    const FileField variable{{field.owner.kind, field.owner.key, "env"}, key.text, value};
    std::string text;
    if (!read_text(variable, text) ||
        !accept_argument(variable, key.text.size() + 1 + text.size())) {
      good = false;
      continue;
    }
    out.emplace_back(key.text, std::move(text));
  }
  return good;
}

bool ValueReader::accept_argument(const FileField& field, std::size_t bytes) {
  if (bytes + 1 > kMaxArgumentBytes) {
    problems_.add(field.value.at(),
                  fmt::format("{} is longer than the {} KiB that Linux takes: put it in a file",
                              describe(field),
                              kMaxArgumentBytes / 1024));
    return false;
  }
  return true;
}

}  // namespace headway
