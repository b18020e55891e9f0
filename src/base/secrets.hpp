// SecretSet: the values that must not leave the process; SecretMasker: the same over a stream of
// bytes. Knows nothing of where values come from or where bytes go.
#pragma once

#include "base/secret_values.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

class SecretAutomaton;

// What stands in the place of a secret.
inline constexpr std::string_view kSecretMask = "***";

// An immutable set of secret values with all their encodings (plain; JSON-escaped; URL-encoded;
// base64, standard and URL-safe alphabet, at each of the 3 alignments; hex, both cases; each line
// of a multi-line value; shell-quoted), matched by one automaton; the longest match counts, and
// occurrences that overlap become one mask, so that no end of one stays readable. Values that are
// too short (< 4 bytes) or too common ("true", "false", "null", "root", "localhost", pure small
// numbers, ...) are not masked: masking them would destroy text and hide nothing. Copies share the
// automaton. Safe from any thread.
class SecretSet {
 public:
  SecretSet() = default;
  explicit SecretSet(const std::vector<std::string>& values);

  bool empty() const noexcept { return automaton_ == nullptr; }

  // Whether `text` holds a secret. No allocation.
  bool occurs_in(std::string_view text) const;
  // `text` with every secret replaced by kSecretMask.
  std::string mask(std::string_view text) const;
  // The same, in place; cheap when nothing matches.
  void mask_in_place(std::string& text) const;

 private:
  friend class SecretMasker;
  std::shared_ptr<const SecretAutomaton> automaton_;
};

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
  // Bytes of the stream that a mask replaces, counted from its start.
  struct Covered {
    std::uint64_t begin;
    std::uint64_t end;
    bool told;  // its mask has left already
  };

  void scan(std::string_view piece);
  void cover(std::uint64_t begin, std::uint64_t end);
  void release(std::string_view piece, std::uint64_t decided);
  void append(std::string_view piece, std::uint64_t begin, std::uint64_t end);

  SecretSet secrets_;
  std::uint32_t state_ = 0;       // of the automaton, after all bytes fed
  std::uint64_t fed_ = 0;         // bytes fed so far
  std::uint64_t released_ = 0;    // bytes that left, or were replaced
  std::vector<Covered> covered_;  // in order, apart from each other; none ends before released_
  std::string held_;              // the bytes from released_ to the end of the last piece
  std::string out_;
};

}  // namespace headway
