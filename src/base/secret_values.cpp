// The names that tell of a secret. Knows nothing of masking.
#include "base/secret_values.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace headway {
namespace {

// Parts and ends of names that people give to secrets...
constexpr std::array<std::string_view, 9> kSecretParts{"TOKEN",
                                                       "SECRET",
                                                       "PASSWORD",
                                                       "PASSWD",
                                                       "PASSPHRASE",
                                                       "CREDENTIAL",
                                                       "APIKEY",
                                                       "ACCESS_KEY",
                                                       "PRIVATE_KEY"};
constexpr std::array<std::string_view, 5> kSecretEnds{"_KEY", "_PAT", "_PWD", "_AUTH", "_DSN"};
// ... and of names that say where a secret lies, or something about it, but do not hold it.
constexpr std::array<std::string_view, 15> kHarmlessEnds{"_FILE",
                                                         "_PATH",
                                                         "_DIR",
                                                         "_SOCK",
                                                         "_URL",
                                                         "_URI",
                                                         "_NAME",
                                                         "_TYPE",
                                                         "_ID",
                                                         "_LENGTH",
                                                         "_TIMEOUT",
                                                         "_TTL",
                                                         "_PROVIDER",
                                                         "_STORE",
                                                         "_COMMAND"};
constexpr std::array<std::string_view, 2> kHarmlessParts{"KEYBOARD", "TOKENIZERS_PARALLELISM"};

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& byte : upper) {
    if (byte >= 'a' && byte <= 'z') {
      byte = static_cast<char>(byte - 'a' + 'A');
    }
  }
  return upper;
}

template <std::size_t N>
bool has_part(std::string_view name, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return name.find(part) != std::string_view::npos;
  });
}

template <std::size_t N>
bool has_end(std::string_view name, const std::array<std::string_view, N>& ends) {
  return std::any_of(
      ends.begin(), ends.end(), [&](std::string_view end) { return name.ends_with(end); });
}

bool looks_secret(std::string_view any_case) {
  const std::string name = upper_case(any_case);
  if (has_end(name, kHarmlessEnds) || has_part(name, kHarmlessParts)) {
    return false;
  }
  return has_part(name, kSecretParts) || has_end(name, kSecretEnds);
}

}  // namespace

bool is_secret_name(const std::string& name, const std::vector<std::string>& patterns) {
  return looks_secret(name) ||
         std::any_of(patterns.begin(), patterns.end(), [&name](const std::string& pattern) {
           return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
         });
}

std::vector<std::string> secret_values(
    const std::vector<std::pair<std::string, std::string>>& environment,
    const std::vector<std::string>& patterns) {
  std::vector<std::string> values;
  for (const auto& [name, value] : environment) {
    if (!value.empty() && is_secret_name(name, patterns)) {
      values.push_back(value);
    }
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace headway
