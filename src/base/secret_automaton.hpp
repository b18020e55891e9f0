// SecretAutomaton: finds all of many byte strings in one pass (Aho and Corasick, "Efficient string
// matching", CACM 18:6, 1975). Knows nothing of secrets' forms or of what is done with a match.
#pragma once

#include "base/secret_encodings.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Immutable after construction; safe from any thread.
class SecretAutomaton {
 public:
  using State = std::uint32_t;
  static constexpr State kStart = 0;

  // Every pattern has at least kMinSecretBytes bytes.
  explicit SecretAutomaton(const std::vector<std::string>& patterns);

  // The state after one more byte.
  State next(State state, unsigned char byte) const noexcept;
  // How many of the last bytes read are the start of a pattern: they may still become a match.
  std::size_t depth(State state) const noexcept { return nodes_[state].depth; }
  // The length of the longest pattern that ends at the last byte read; 0: none.
  std::size_t match_length(State state) const noexcept { return nodes_[state].match_length; }

  // The first place at or after `from` where a pattern may begin, or fewer than kMinSecretBytes
  // bytes are left. Only for kStart: there all bytes before it can be left out.
  std::size_t skip(std::string_view bytes, std::size_t from) const noexcept;

 private:
  static constexpr std::uint32_t kNone = 0;  // the start is nobody's child, nobody's sibling
  static constexpr unsigned kFilterBits = 15;

  struct Node {
    std::uint32_t first_child = kNone;
    std::uint32_t next_sibling = kNone;
    std::uint32_t fallback = kStart;  // the longest proper suffix of it that is a node, too
    std::uint32_t depth = 0;
    std::uint32_t match_length = 0;
    unsigned char byte = 0;
  };

  static std::uint32_t filter_index(const char* four_bytes) noexcept {
    std::uint32_t word = 0;
    std::memcpy(&word, four_bytes, sizeof word);
    return (word * 0x9E3779B1U) >> (32 - kFilterBits);
  }

  void insert(std::string_view pattern);
  std::uint32_t child(State state, unsigned char byte) const noexcept;
  void link_fallbacks();

  std::vector<Node> nodes_;
  std::array<std::uint32_t, 256> start_next_{};  // next() of kStart
  // Hashes of the first four bytes of the patterns: most of a text is passed by it alone.
  std::bitset<(std::size_t{1} << kFilterBits)> filter_;
};

}  // namespace headway
