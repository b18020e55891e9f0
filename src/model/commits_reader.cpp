// `commits`: see the header.
#include "model/commits_reader.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace headway {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view kProfiles[] = {"default", "relaxed", "strict"};
constexpr std::string_view kIssue[] = {"optional", "required"};
constexpr std::string_view kPolicies[] = {"accept", "check", "refuse"};

void read_name_of(ValueReader& reader, const FileField& field, Names names, std::string& out) {
  std::string text;
  if (!reader.read_text(field, text)) {
    return;
  }
  if (std::find(names.begin(), names.end(), text) == names.end()) {
    reader.refuse(field, fmt::format("one of {}", fmt::join(names.begin(), names.end(), ", ")));
    return;
  }
  out = std::move(text);
}

bool is_type(std::string_view text) {
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

void read_types(ValueReader& reader, const FileField& field, std::vector<std::string>& out) {
  std::vector<std::string> types;
  if (!reader.read_names(field, "name of a type", types)) {
    return;
  }
  if (types.empty()) {
    reader.refuse(field, "a list with at least one type: leave it out for the usual ones");
    return;
  }
  for (const YamlNode& item : field.value.items()) {
    if (!is_type(item.text)) {
      reader.refuse({field.owner, field.key, item}, "a list of words in lower case such as feat");
      return;
    }
  }
  out = std::move(types);
}

}  // namespace

void read_commits(ValueReader& reader, const YamlNode& value, CommitSettings& out) {
  if (!reader.accept_mapping({{}, "commits", value}, "a mapping of rules for commit messages")) {
    return;
  }
  const Owner owner{"commits", ""};
  for (const auto& [key, node] : value.entries()) {
    if (!reader.accept_key(KeyScope::commits, owner, key)) {
      continue;
    }
    const FileField field{owner, key.text, node};
    if (key.text == "profile") {
      read_name_of(reader, field, kProfiles, out.profile);
    } else if (key.text == "types") {
      read_types(reader, field, out.types);
    } else if (key.text == "issue") {
      read_name_of(reader, field, kIssue, out.issue);
    } else {
      read_name_of(reader,
                   field,
                   kPolicies,
                   key.text == "merge"    ? out.merge
                   : key.text == "revert" ? out.revert
                                          : out.fixup);
    }
  }
}

}  // namespace headway
