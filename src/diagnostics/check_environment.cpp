// Checks of the environment that stages inherit: secrets and proxies. Shows names, never values.
// Gathers nothing.
#include "base/secret_encodings.hpp"
#include "base/secret_values.hpp"
#include "base/text.hpp"
#include "diagnostics/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace headway {
namespace {

constexpr std::size_t kShownNames = 8;

std::string names_text(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  const std::size_t more = names.size() > kShownNames ? names.size() - kShownNames : 0;
  names.resize(names.size() - more);
  return join(names, ", ") + (more == 0 ? "" : fmt::format(" and {} more", more));
}

bool is_plain_name(const std::string& pattern) {
  return pattern.find_first_of("*?[") == std::string::npos;
}

const std::string* value_of(const DoctorFacts& facts, std::string_view name) {
  for (const auto& [key, value] : facts.environment) {
    if (key == name) {
      return &value;
    }
  }
  return nullptr;
}

std::vector<CheckResult> judge_secrets(const DoctorFacts& facts) {
  CheckResult result{
      "environment.secrets", CheckStatus::ok, "none by their names", "environment", "", ""};
  result.why = "every stage inherits them; their values are masked in all that Headway writes";
  std::vector<std::string> names, short_ones;
  for (const auto& [name, value] : facts.environment) {
    if (!value.empty() && is_secret_name(name, facts.needs.secrets)) {
      (is_worth_masking(value) ? names : short_ones).push_back(name);
    }
  }
  if (!names.empty()) {
    result.status = CheckStatus::info;
    result.value = names_text(names);
  }
  if (!short_ones.empty()) {
    result.status = CheckStatus::warn;
    result.value = names_text(short_ones);
    result.why = "the value is too short or too common to be masked: it may be seen in logs";
    result.fix = "give it a longer value, or unset it";
  }
  return {result};
}

std::vector<CheckResult> judge_declared(const DoctorFacts& facts) {
  std::vector<std::string> unset;
  for (const std::string& pattern : facts.needs.secrets) {
    if (is_plain_name(pattern) && value_of(facts, pattern) == nullptr) {
      unset.push_back(pattern);
    }
  }
  if (facts.needs.secrets.empty()) {
    return {};
  }
  CheckResult result{"environment.declared",
                     CheckStatus::ok,
                     "all are set",
                     "secrets in the workflow file",
                     "",
                     ""};
  result.why = "stages that use them fail, or do less";
  if (!unset.empty()) {
    result.status = CheckStatus::warn;
    result.value = fmt::format("not set: {}", names_text(unset));
    result.fix = fmt::format("export {}=...", unset.front());
  }
  return {result};
}

// "user:password@" in a URL.
bool has_credentials(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::string_view rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  const std::size_t at = rest.find('@');
  return at != std::string_view::npos && at < rest.find('/');
}

std::vector<CheckResult> judge_proxy(const DoctorFacts& facts) {
  constexpr std::array<std::string_view, 6> kNames{
      "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  std::vector<std::string> set;
  std::string credentials;
  for (const std::string_view name : kNames) {
    const std::string* value = value_of(facts, name);
    if (value != nullptr && !value->empty()) {
      set.emplace_back(name);
      credentials = has_credentials(*value) ? std::string(name) : credentials;
    }
  }
  if (set.empty()) {
    return {};
  }
  CheckResult result{
      "environment.proxy", CheckStatus::info, names_text(set), "environment", "", ""};
  result.why = "programs that load from the network go through it";
  const std::string* lower = value_of(facts, "no_proxy");
  const std::string* except = lower != nullptr ? lower : value_of(facts, "NO_PROXY");
  if (!credentials.empty()) {
    result.status = CheckStatus::warn;
    result.value += fmt::format("; {} holds a password", credentials);
    result.why = "its name does not look secret: what prints it prints the password";
    result.fix = fmt::format("add {} to secrets in the workflow file", credentials);
  } else if (except == nullptr ||
             (except->find("localhost") == std::string::npos &&
              except->find("127.0.0.1") == std::string::npos && *except != "*")) {
    result.status = CheckStatus::warn;
    result.value += "; no_proxy leaves out localhost";
    result.why = "tests that start servers here ask the proxy for them, and fail";
    result.fix = "export no_proxy=localhost,127.0.0.1,::1";
  }
  return {result};
}

}  // namespace

std::vector<Check> environment_checks() {
  return {
      {"environment.secrets", "variables that look secret, by their names", judge_secrets},
      {"environment.declared", "variables named under `secrets:` that are not set", judge_declared},
      {"environment.proxy", "proxies, passwords in them, and localhost", judge_proxy}};
}

}  // namespace headway
