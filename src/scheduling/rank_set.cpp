// The bits of RankSet: a word's bit is set where the word below it is not zero. Knows no tasks.
#include "scheduling/rank_set.hpp"

#include <bit>

namespace headway {

RankSet::RankSet(int capacity) {
  std::uint32_t total = 0;
  auto width = static_cast<std::uint32_t>(capacity < 1 ? 1 : capacity);
  do {
    width = (width + 63) / 64;
    base_[levels_++] = total;
    total += width;
  } while (width > 1);
  words_.assign(total, 0);
}

void RankSet::insert(int rank) noexcept {
  auto index = static_cast<std::uint32_t>(rank);
  for (std::size_t level = 0; level < levels_; ++level) {
    std::uint64_t& word = words_[base_[level] + index / 64];
    const bool was_empty = word == 0;
    word |= std::uint64_t{1} << (index % 64);
    if (!was_empty) {
      return;
    }
    index /= 64;
  }
}

void RankSet::erase(int rank) noexcept {
  auto index = static_cast<std::uint32_t>(rank);
  for (std::size_t level = 0; level < levels_; ++level) {
    std::uint64_t& word = words_[base_[level] + index / 64];
    word &= ~(std::uint64_t{1} << (index % 64));
    if (word != 0) {
      return;
    }
    index /= 64;
  }
}

bool RankSet::contains(int rank) const noexcept {
  const auto index = static_cast<std::uint32_t>(rank);
  return ((words_[index / 64] >> (index % 64)) & 1) != 0;
}

int RankSet::first() const noexcept {
  if (levels_ == 0 || words_.back() == 0) {
    return -1;
  }
  std::uint32_t index = 0;
  for (std::size_t level = levels_; level-- > 0;) {
    const std::uint64_t word = words_[base_[level] + index];
    index = index * 64 + static_cast<std::uint32_t>(std::countr_zero(word));
  }
  return static_cast<int>(index);
}

}  // namespace headway
