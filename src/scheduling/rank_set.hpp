// RankSet: a set of small numbers whose smallest is found in a few instructions. Knows nothing of
// what the numbers stand for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace headway {

// Numbers 0..capacity-1 as a 64-ary tree of bits (a flat van Emde Boas layout): every operation
// touches at most one word a level, three levels for 262,144 numbers. Copies are one memcpy. Never
// allocates after construction. Not synchronised.
class RankSet {
 public:
  RankSet() = default;
  explicit RankSet(int capacity);

  void insert(int rank) noexcept;
  void erase(int rank) noexcept;  // no effect where it is not in the set
  bool contains(int rank) const noexcept;
  // The smallest, or -1 where the set is empty.
  int first() const noexcept;

 private:
  static constexpr std::size_t kMaxLevels = 6;  // 64^6 > 2^31

  std::vector<std::uint64_t> words_;              // level 0 (the members) first, the root last
  std::array<std::uint32_t, kMaxLevels> base_{};  // where each level starts in words_
  std::size_t levels_ = 0;
};

}  // namespace headway
