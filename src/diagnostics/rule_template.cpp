// {name} and [[...]]: see the header.
#include "diagnostics/rule_template.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headway {
namespace {

constexpr std::string_view kOpen = "[[";
constexpr std::string_view kClose = "]]";

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// One part without [[ or ]] in it. Nothing where a name in it is empty.
std::optional<std::string> fill_part(std::string_view part,
                                     const NamedTexts& values,
                                     Quoting quoting) {
  std::string out;
  while (!part.empty()) {
    const std::size_t open = part.find('{');
    out += part.substr(0, open);
    const std::size_t close = open == std::string_view::npos ? open : part.find('}', open);
    if (close == std::string_view::npos) {
      break;
    }
    const auto value = values.find(part.substr(open + 1, close - open - 1));
    if (value == values.end() || value->second.empty()) {
      return std::nullopt;
    }
    // What a log says must not become an option of the command that a person may paste.
    if (quoting == Quoting::shell && value->second.front() == '-' &&
        (out.empty() || out.back() == ' ')) {
      return std::nullopt;
    }
    out += quoting == Quoting::shell ? shell_quote(value->second) : value->second;
    part.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace

std::string_view name_of_group(std::string_view group) noexcept {
  if (group.size() > 1 && group.back() >= '0' && group.back() <= '9') {
    group.remove_suffix(1);
  }
  return group;
}

TemplateNames names_in_template(std::string_view pattern) {
  TemplateNames found;
  for (std::size_t open = pattern.find('{'); open != std::string_view::npos;
       open = pattern.find('{', open + 1)) {
    const std::size_t close = pattern.find('}', open);
    const std::string_view name = pattern.substr(open + 1, close - open - 1);
    if (close == std::string_view::npos || !is_name(name)) {
      found.problem = "has a '{' that names nothing (write {name})";
      return found;
    }
    found.names.emplace_back(name);
  }
  std::size_t at = 0;
  while ((at = pattern.find(kOpen, at)) != std::string_view::npos) {
    at = pattern.find(kClose, at);
    if (at == std::string_view::npos) {
      found.problem = "has a '[[' that is never closed";
      return found;
    }
  }
  return found;
}

std::optional<std::string> fill_template(std::string_view pattern,
                                         const NamedTexts& values,
                                         Quoting quoting) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find(kOpen);
    const auto fixed = fill_part(pattern.substr(0, open), values, quoting);
    if (!fixed) {
      return std::nullopt;
    }
    out += *fixed;
    if (open == std::string_view::npos) {
      break;
    }
    pattern.remove_prefix(open + kOpen.size());
    const std::size_t close = pattern.find(kClose);
    out += fill_part(pattern.substr(0, close), values, quoting).value_or("");
    pattern.remove_prefix(close == std::string_view::npos ? pattern.size() : close + kClose.size());
  }
  return out;
}

}  // namespace headway
