// See redaction.hpp.
#include "diagnostics/redaction.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "diagnostics/json_strings.hpp"
#include "diagnostics/secret_patterns.hpp"
#include "host/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace headway {
namespace {

constexpr std::size_t kShortestName = 3;
constexpr auto kSayNothing = std::to_array<std::string_view>(
    {"root",      "runner",      "user",     "build",  "builder",       "ubuntu",   "debian",
     "vagrant",   "docker",      "admin",    "local",  "test",          "tests",    "dev",
     "app",       "work",        "home",     "main",   "git",           "web",      "www",
     "code",      "node",        "nobody",   "ci",     "jenkins",       "host",     "server",
     "localhost", "localdomain", "github",   "gitlab", "gitlab-runner", "circleci", "ec2-user",
     "azureuser", "vscode",      "codespace"});

bool says_nothing(std::string_view name) {
  return name.size() < kShortestName ||
         std::find(kSayNothing.begin(), kSayNothing.end(), name) != kSayNothing.end();
}

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

int times(std::string_view text, std::string_view part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

std::string worth_hiding_home(std::string home) {
  while (home.size() > 1 && home.back() == '/') {
    home.pop_back();
  }
  return home.size() > 1 ? home : "";  // ("/" is everywhere)
}

}  // namespace

Identity Identity::here() {
  const char* home = std::getenv("HOME");
  return {home == nullptr ? "" : home, user_name(), host_name()};
}

Redactor::Redactor(SecretSet secrets, Identity identity)
    : secrets_(std::move(secrets)), identity_(std::move(identity)) {
  identity_.home = worth_hiding_home(std::move(identity_.home));
  for (std::string* name : {&identity_.user, &identity_.host}) {
    if (says_nothing(*name)) {
      name->clear();
    }
  }
}

std::string Redactor::redact(std::string_view text) {
  std::string out = mask_patterns(mask_registered(text));
  mask_identity(out);
  return out;
}

std::string Redactor::redact_json(std::string_view text) {
  const auto one = [this](std::string_view json) {
    return replace_json_strings(json, [this](std::string_view name, std::string_view value) {
      return redact_value(name, value);
    });
  };
  if (Json::parse(text)) {
    return one(text);
  }
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    out += Json::parse(line) ? one(line) : redact(line);
    out += '\n';
  }
  out.pop_back();
  return out;
}

// A name belongs to what stands behind it: "password" makes a secret of what would be none.
std::string Redactor::redact_value(std::string_view name, std::string_view value) {
  std::string lead = name.empty() ? "" : fmt::format("{}=\"", name);
  const std::string masked = mask_registered(value);
  std::string out = mask_patterns(lead + masked);
  if (out.starts_with(lead)) {
    out.erase(0, lead.size());
  } else {
    out = mask_patterns(masked);  // (the name holds a secret itself)
  }
  mask_identity(out);
  return out;
}

std::string Redactor::mask_registered(std::string_view text) {
  std::string out = secrets_.mask(text);
  if (out != text) {
    counts_["registered"] += std::max(1, times(out, kSecretMask) - times(text, kSecretMask));
  }
  return out;
}

std::string Redactor::placeholder(std::string_view kind, std::string_view value) {
  if (const auto known = placeholders_.find(value); known != placeholders_.end()) {
    return known->second;
  }
  std::string made = fmt::format("<{}-{}>", kind, ++numbers_[std::string(kind)]);
  placeholders_.emplace(value, made);
  return made;
}

std::string Redactor::mask_patterns(const std::string& text) {
  std::string out;
  std::size_t done = 0;
  for (const PatternMatch& match : find_secret_patterns(text)) {
    out.append(text, done, match.begin - done);
    const auto secret = std::string_view(text).substr(match.begin, match.end - match.begin);
    out += placeholder(match.kind, secret);
    // (line numbers stay what they are)
    out.append(static_cast<std::size_t>(std::count(secret.begin(), secret.end(), '\n')), '\n');
    ++counts_[std::string(match.kind)];
    done = match.end;
  }
  out.append(text, done);
  return out;
}

void Redactor::mask_identity(std::string& text) {
  replace_words(text, identity_.home, "~");
  replace_words(text, identity_.host, "<host>");
  replace_words(text, identity_.user, "<user>");
}

void Redactor::replace_words(std::string& text,
                             const std::string& word,
                             std::string_view placeholder) {
  if (word.empty()) {
    return;
  }
  // "-I/home/ana/x" is meant, "/var/root" is not.
  const bool is_long_path = word.front() == '/' && word.find('/', 1) != std::string::npos;
  std::size_t at = 0;
  while ((at = text.find(word, at)) != std::string::npos) {
    const std::size_t end = at + word.size();
    const bool is_whole = (at == 0 || !is_word_char(text[at - 1]) || is_long_path) &&
                          (end == text.size() || !is_word_char(text[end]));
    if (is_whole) {
      text.replace(at, word.size(), placeholder);
      ++counts_["identity"];
      at += placeholder.size();
    } else {
      at = end;
    }
  }
}

}  // namespace headway
