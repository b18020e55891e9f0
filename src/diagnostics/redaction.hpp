// Redactor: takes out of a text what must not leave the machine: registered secrets in every
// encoding, what looks like a secret, and who and where one is. Knows nothing of where text goes.
#pragma once

#include "base/secrets.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// Who and where one is. Empty texts are not looked for, and neither are names that say nothing
// ("root", "runner", "localhost").
struct Identity {
  std::string home;  // becomes ~
  std::string user;  // becomes <user>, as a whole word
  std::string host;  // becomes <host>, as a whole word

  // Of this process: HOME, its login name and the host's name.
  static Identity here();
};

// Replaces. One secret has one placeholder wherever it occurs: <github-token-1>; registered ones
// become ***. What it has seen it remembers as long as it lives. Not synchronised.
class Redactor {
 public:
  explicit Redactor(SecretSet secrets, Identity identity = {});

  std::string redact(std::string_view text);
  // Of JSON, whole or a value a line: its strings, each as what it says and with the name that it
  // has ({"password": ...}), so that it stays JSON. Lines that are none are plain text.
  std::string redact_json(std::string_view text);
  // How many places of each kind were replaced so far; "registered": those of registered secrets.
  const std::map<std::string, int>& counts() const noexcept { return counts_; }

 private:
  std::string redact_value(std::string_view name, std::string_view value);
  std::string mask_registered(std::string_view text);
  std::string mask_patterns(const std::string& text);
  void mask_identity(std::string& text);
  void replace_words(std::string& text, const std::string& word, std::string_view placeholder);
  std::string placeholder(std::string_view kind, std::string_view value);

  SecretSet secrets_;
  Identity identity_;
  std::map<std::string, std::string, std::less<>> placeholders_;  // by value
  std::map<std::string, int> numbers_;                            // used so far, by kind
  std::map<std::string, int> counts_;
};

}  // namespace headway
