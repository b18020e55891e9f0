// The choice of the lines to show, within a budget: those worth most, but not all of them from one
// place. Pure; knows neither what the lines say nor where the gains come from.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace headway {

// What showing one line is worth. Lines come in order; a line that is left out is worth nothing.
struct LineGain {
  std::size_t number = 0;  // 1-based
  double gain = 0;         // about 0..1
};

// Lines first..last, all shown; with no gap between lines of two blocks there would be one.
struct LineBlock {
  std::size_t first = 0, last = 0;
  double gain = 0;  // sum over its lines
};

// The first line shown of a place is worth 1 + kFirstBonus times its gain, a line beside n others
// within kPlaceLines 1 + kFirstBonus / (1 + n): where the failure may stand in several places, one
// line of each tells more than all of one. Measured in docs/design/failure-extraction.md.
inline constexpr double kFirstBonus = 1.5;
inline constexpr std::size_t kPlaceLines = 50;

// `budget` lines at most, taken one by one, always the one worth most (a greedy choice: within
// 1 - 1/e of the best for gains that shrink; Nemhauser, Wolsey and Fisher 1978). The blocks with
// the greatest sum first.
std::vector<LineBlock> choose_blocks(std::span<const LineGain> lines, std::size_t budget);

}  // namespace headway
