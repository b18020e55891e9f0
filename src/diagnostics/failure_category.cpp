// The spellings of categories: see the header.
#include "diagnostics/failure_category.hpp"

#include <algorithm>

namespace headway {

const std::array<std::string_view, kFailureCategories> kCategoryNames = {
    "unknown",         "timeout",        "oom",
    "disk_full",       "resource_limit", "crash",
    "missing_command", "permission",     "read_only_fs",
    "network",         "auth",           "tls",
    "port_in_use",     "merge_conflict", "missing_dependency",
    "link_error",      "compile_error",  "lint",
    "test_failure",    "config_syntax",  "killed",
};

std::string_view to_string(FailureCategory category) noexcept {
  return kCategoryNames[static_cast<std::size_t>(category)];
}

std::optional<FailureCategory> category_of(std::string_view name) noexcept {
  const auto* const found = std::find(kCategoryNames.begin(), kCategoryNames.end(), name);
  if (found == kCategoryNames.end()) {
    return std::nullopt;
  }
  return static_cast<FailureCategory>(found - kCategoryNames.begin());
}

}  // namespace headway
