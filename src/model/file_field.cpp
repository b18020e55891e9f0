// FileField: see the header.
#include "model/file_field.hpp"

#include "model/problem_list.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_identifier_tail(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

}  // namespace

bool is_identifier(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxNameBytes && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), is_identifier_tail);
}

std::string describe(const Owner& owner) {
  if (owner.part.empty() && owner.kind.empty()) {
    return "the workflow";
  }
  if (!owner.part.empty()) {
    return describe(FileField{{owner.kind, owner.key}, owner.part, YamlNode()});
  }
  return owner.key.empty() ? fmt::format("'{}'", owner.kind)
                           : fmt::format("{} '{}'", owner.kind, shown(owner.key));
}

std::string describe(const FileField& field) {
  const Owner& owner = field.owner;
  const std::string dotted = owner.part.empty() ? "" : fmt::format("{}.", owner.part);
  const std::string name = fmt::format("'{}{}'", dotted, shown(field.key));
  return owner.kind.empty() ? name
                            : fmt::format("{} of {}", name, describe(Owner{owner.kind, owner.key}));
}

bool is_refused_key(const YamlNode& key) noexcept {
  return !key.is_scalar() || (key.plain && key.text == "<<");
}

}  // namespace headway
