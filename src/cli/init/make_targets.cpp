// Reads the targets of a Makefile; see make_targets.hpp. Expands nothing.
#include "cli/init/make_targets.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace headway::cli {
namespace {

bool is_plain(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.' || c == '/';
         });
}

// Lines with the continued ones joined.
std::vector<std::string> logical_lines(std::string_view text) {
  std::vector<std::string> lines;
  bool continues = false;
  for (std::string_view line : split(text, '\n')) {
    line = line.substr(0, line.find_last_not_of('\r') + 1);
    const bool goes_on = line.ends_with('\\');
    const std::string_view content = goes_on ? line.substr(0, line.size() - 1) : line;
    if (continues) {
      lines.back() += content;
    } else {
      lines.emplace_back(content);
    }
    continues = goes_on;
  }
  return lines;
}

// Where the ':' of a rule stands; npos where the line is none (an assignment, a comment).
std::size_t rule_colon(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::size_t equals = line.find('=');
  if (colon == std::string_view::npos || equals < colon || line.find('#') < colon) {
    return std::string_view::npos;
  }
  const std::string_view rest = line.substr(line.find_first_not_of(':', colon) == std::string::npos
                                                ? line.size()
                                                : line.find_first_not_of(':', colon));
  const bool assigns = rest.starts_with('=');
  const bool is_of_target = rest.substr(0, rest.find(';')).find('=') != std::string_view::npos;
  return assigns || is_of_target ? std::string_view::npos : colon;
}

}  // namespace

std::vector<MakeTarget> make_targets(std::string_view makefile) {
  std::vector<MakeTarget> targets;
  std::vector<std::size_t> current;  // of the rule whose recipe is read
  bool is_defining = false;
  const auto add_recipe = [&](std::string_view line) {
    for (const std::size_t at : current) {
      targets[at].recipe += std::string(line) + "\n";
    }
  };
  for (const std::string& line : logical_lines(makefile)) {
    if (line.starts_with('\t')) {
      add_recipe(std::string_view(line).substr(1));
      continue;
    }
    is_defining = is_defining ? !line.starts_with("endef") : line.starts_with("define");
    const std::size_t colon = rule_colon(line);
    if (is_defining || trim(line).empty() || colon == std::string::npos) {
      continue;
    }
    current.clear();
    for (const std::string_view name : split(std::string_view(line).substr(0, colon), ' ')) {
      if (!is_plain(name)) {
        continue;
      }
      const auto known = std::find_if(
          targets.begin(), targets.end(), [name](const MakeTarget& t) { return t.name == name; });
      current.push_back(static_cast<std::size_t>(known - targets.begin()));
      if (known == targets.end()) {
        targets.push_back({std::string(name), ""});
      }
    }
    if (const std::size_t recipe = line.find(';', colon); recipe != std::string::npos) {
      add_recipe(std::string_view(line).substr(recipe + 1));
    }
  }
  return targets;
}

}  // namespace headway::cli
