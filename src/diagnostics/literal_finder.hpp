// LiteralFinder: which of many literals a text has, in one pass: the first three bytes at each
// place are looked up in a small table of bits, and only what is in there is compared. (An
// automaton, by Aho and Corasick, was no faster on the few lines that come here, and took 1.5 MB
// and half of the time of a start.) Knows nothing of patterns.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Immutable; thread-safe.
class LiteralFinder {
 public:
  // Literals are in small letters; one of fewer than three bytes is never found.
  explicit LiteralFinder(std::vector<std::string> literals);

  // The indices of the literals that `text` has, whatever the case of its ASCII letters, ascending,
  // each once. `found` is emptied first.
  void find(std::string_view text, std::vector<int>& found) const;

 private:
  // A literal by its first three bytes.
  struct Head {
    std::uint32_t bytes = 0;
    int index = 0;
  };
  static constexpr std::size_t kHeadBits = std::size_t{1} << 15U;

  // Compares the literals that begin with `bytes`; `rest` is the text from there on.
  void compare(std::uint32_t bytes, std::string_view rest, std::vector<int>& found) const;

  std::vector<std::string> literals_;
  std::vector<Head> heads_;  // by bytes
  std::bitset<kHeadBits> has_head_;
};

}  // namespace headway
