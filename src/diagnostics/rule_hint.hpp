// RuleHint: what may be looked up so that a suggestion names the thing. Only the names; the looking
// up is in naming.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace headway {

// Which names a hint adds, and from which named group of the rule. Spelled in rule files as here.
enum class RuleHint : std::uint8_t {
  none,
  python_package,   // {module} -> {package}: what to install for it
  node_package,     // {module} -> {package}
  header_package,   // {header} -> {package}: the Debian package that has it
  library_package,  // {library} -> {package}: the Debian package for -lNAME
  command,          // {command} -> {nearest}: a command like it in PATH; {package}: what brings it
  port,             // {port} -> {holder}: who holds it now ("node (pid 12)")
  path,             // {path} -> {owner}: "owned by root, mode 0644"; nothing where it is gone
};

// The named group that a hint starts from; empty for none.
std::string_view input_of(RuleHint hint) noexcept;
// The names that it adds.
std::vector<std::string_view> outputs_of(RuleHint hint);

std::string_view to_string(RuleHint hint) noexcept;
std::optional<RuleHint> hint_of(std::string_view name) noexcept;
// Every spelling but "none".
std::vector<std::string_view> hint_names();

}  // namespace headway
