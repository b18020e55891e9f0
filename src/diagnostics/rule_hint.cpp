// The hints as a table: see the header.
#include "diagnostics/rule_hint.hpp"

#include <array>

namespace headway {
namespace {

// One hint. A second output may be empty.
struct HintRow {
  RuleHint hint;
  std::string_view name;
  std::string_view input;
  std::array<std::string_view, 2> outputs;
};

constexpr std::array<HintRow, 8> kHints = {{
    {RuleHint::none, "none", "", {"", ""}},
    {RuleHint::python_package, "python_package", "module", {"package", ""}},
    {RuleHint::node_package, "node_package", "module", {"package", ""}},
    {RuleHint::header_package, "header_package", "header", {"package", ""}},
    {RuleHint::library_package, "library_package", "library", {"package", ""}},
    {RuleHint::command, "command", "command", {"nearest", "package"}},
    {RuleHint::port, "port", "port", {"holder", ""}},
    {RuleHint::path, "path", "path", {"owner", ""}},
}};

const HintRow& row_of(RuleHint hint) noexcept {
  return kHints[static_cast<std::size_t>(hint)];
}

}  // namespace

std::string_view input_of(RuleHint hint) noexcept {
  return row_of(hint).input;
}

std::vector<std::string_view> outputs_of(RuleHint hint) {
  std::vector<std::string_view> names;
  for (const std::string_view name : row_of(hint).outputs) {
    if (!name.empty()) {
      names.push_back(name);
    }
  }
  return names;
}

std::string_view to_string(RuleHint hint) noexcept {
  return row_of(hint).name;
}

std::optional<RuleHint> hint_of(std::string_view name) noexcept {
  for (const HintRow& row : kHints) {
    if (row.name == name) {
      return row.hint;
    }
  }
  return std::nullopt;
}

std::vector<std::string_view> hint_names() {
  std::vector<std::string_view> names;
  for (const HintRow& row : kHints) {
    if (row.hint != RuleHint::none) {
      names.push_back(row.name);
    }
  }
  return names;
}

}  // namespace headway
