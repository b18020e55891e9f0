// SecretSet: the values that must not leave the process; SecretMasker: the same over a stream of
// bytes. Knows nothing of where values come from or where bytes go.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headway {

// What stands in the place of a secret.
inline constexpr std::string_view kSecretMask = "***";

// An immutable set of secret values with all their encodings (plain; JSON-escaped; URL-encoded;
// base64, standard and URL-safe alphabet, at each of the 3 alignments; hex, both cases; each line
// of a multi-line value; shell-quoted), matched by one automaton, longest match first. Values that
// are too short (< 4 bytes) or too common ("true", "false", "null", "root", "localhost", pure small
// numbers, ...) are not masked: masking them would destroy text and hide nothing. Copies share the
// automaton. Safe from any thread.
class SecretSet {
 public:
  SecretSet() = default;
  explicit SecretSet(const std::vector<std::string>& values);

  bool empty() const noexcept { return automaton_ == nullptr; }

  // `text` with every secret replaced by kSecretMask.
  std::string mask(std::string_view text) const;
  // The same, in place; cheap when nothing matches.
  void mask_in_place(std::string& text) const;

 private:
  friend class SecretMasker;
  struct Automaton;
  std::shared_ptr<const Automaton> automaton_;
};

// The values that `environment` holds under a name that matches one of `patterns` (shell globs, as
// in `secrets:` of the workflow file) or that looks secret (*TOKEN*, *SECRET*, *PASSWORD*,
// *PASSWD*, *_KEY, *CREDENTIAL*, *_PAT, ...; never names such as *_KEY_FILE, *_PATH, SSH_AUTH_SOCK,
// *KEYBOARD*).
std::vector<std::string> secret_values(
    const std::vector<std::pair<std::string, std::string>>& environment,
    const std::vector<std::string>& patterns);

// Masks a stream whose pieces are cut anywhere: holds back only bytes that may still become a
// secret (less than the longest encoding). One per stream; not synchronised. Cheap (no copy) where
// the set is empty.
class SecretMasker {
 public:
  explicit SecretMasker(SecretSet secrets);

  // Takes the next piece; returns what may leave now. The view lives until the next call.
  std::string_view feed(std::string_view piece);
  // The end of the stream: what was held back.
  std::string_view finish();
  // Bytes held back just now.
  std::size_t held_bytes() const noexcept { return held_.size(); }

 private:
  SecretSet secrets_;
  std::string held_;
  std::string out_;
};

}  // namespace headway
