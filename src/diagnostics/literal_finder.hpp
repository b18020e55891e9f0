// LiteralFinder: which of many literals a text has, all in one pass (Aho and Corasick, "Efficient
// string matching", CACM 18(6), 1975), with the automaton as one table. Knows nothing of patterns.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

// Immutable; thread-safe.
class LiteralFinder {
 public:
  // Literals are in small letters; an empty one is never found.
  explicit LiteralFinder(const std::vector<std::string>& literals);

  // The indices of the literals that `text` has, whatever the case of its ASCII letters, ascending,
  // each once. `found` is emptied first.
  void find(std::string_view text, std::vector<int>& found) const;

 private:
  void number_bytes(const std::vector<std::string>& literals);
  void insert(std::string_view literal, int index);
  void connect();
  std::uint32_t& next(std::uint32_t state, std::uint8_t byte_class) {
    return table_[std::size_t{state} * classes_ + byte_class];
  }

  // Entries of the table: a state, and whether literals end there.
  static constexpr std::uint32_t kEnds = std::uint32_t{1} << 31U;

  std::array<std::uint8_t, 256> class_of_{};  // 0: in no literal
  std::size_t classes_ = 1;
  std::vector<std::uint32_t> table_;       // by state and class
  std::vector<std::vector<int>> ends_at_;  // by state
};

}  // namespace headway
