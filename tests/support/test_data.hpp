// Where the recorded traces and logs are that the project does not carry with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace headway {

// $HEADWAY_TEST_DATA/NAME, else ../shared/NAME beside the checkout the tests run in; empty where
// there is none: such a test is skipped, and says so.
inline std::filesystem::path test_data(const std::string& name) {
  std::error_code ignored;
  if (const char* folder = std::getenv("HEADWAY_TEST_DATA")) {
    const auto found = std::filesystem::path(folder) / name;
    return std::filesystem::exists(found, ignored) ? found : std::filesystem::path();
  }
  auto folder = std::filesystem::current_path(ignored);
  for (; folder.has_relative_path(); folder = folder.parent_path()) {
    const auto found = folder.parent_path() / "shared" / name;
    if (std::filesystem::exists(found, ignored)) {
      return found;
    }
  }
  return {};
}

}  // namespace headway
