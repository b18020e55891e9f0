// YamlKeyCheck: see the header.
#include "model/yaml_key_check.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace headway {
namespace {

// Up to here, comparing every pair is faster than hashing.
constexpr std::size_t kMaxKeysComparedOneByOne = 16;

}  // namespace

void YamlKeyCheck::check(const YamlNode& mapping) {
  std::size_t count = 0;
  for (const auto& entry : mapping.entries()) {
    ++count;
    if (!entry.key.is_scalar()) {
      problems_.add(entry.key.at(), "a key must be plain text, not a list or a mapping");
    } else if (entry.key.plain && entry.key.text == "<<") {
      problems_.add(entry.key.at(), "merge keys ('<<') are not supported: write the keys out");
    }
  }
  if (count <= kMaxKeysComparedOneByOne) {
    check_few(mapping);
  } else {
    check_many(mapping);
  }
}

void YamlKeyCheck::check_few(const YamlNode& mapping) {
  for (const auto& entry : mapping.entries()) {
    for (const auto& earlier : mapping.entries()) {
      if (&earlier.key == &entry.key) {
        break;
      }
      if (entry.key.is_scalar() && earlier.key.is_scalar() && earlier.key.text == entry.key.text) {
        report_duplicate(entry.key, earlier.key);
        break;
      }
    }
  }
}

void YamlKeyCheck::check_many(const YamlNode& mapping) {
  seen_.clear();
  for (const auto& entry : mapping.entries()) {
    if (!entry.key.is_scalar()) {
      continue;
    }
    const auto [first, is_new] = seen_.try_emplace(entry.key.text, &entry.key);
    if (!is_new) {
      report_duplicate(entry.key, *first->second);
    }
  }
}

void YamlKeyCheck::report_duplicate(const YamlNode& key, const YamlNode& first) {
  problems_.add(
      key.at(),
      fmt::format("key '{}' comes twice (first on line {})", shown(key.text), first.line));
}

}  // namespace headway
