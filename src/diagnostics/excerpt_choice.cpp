// The greedy choice: see the header.
#include "diagnostics/excerpt_choice.hpp"

#include <algorithm>
#include <functional>

namespace headway {
namespace {

// No line with less gain than this many others can be chosen, as every place has at most that many
// lines of its own: the rest need not be looked at again and again.
constexpr std::size_t kLooked = 6000;

struct Candidate {
  LineGain line;
  int near = 0;  // chosen lines within kPlaceLines
  bool chosen = false;

  double worth() const noexcept { return line.gain * (1 + kFirstBonus / (1 + near)); }
};

std::vector<Candidate> best_of(std::span<const LineGain> lines) {
  double least = 0;
  if (lines.size() > kLooked) {
    std::vector<double> gains;
    gains.reserve(lines.size());
    for (const LineGain& line : lines) {
      gains.push_back(line.gain);
    }
    std::nth_element(gains.begin(), gains.begin() + kLooked, gains.end(), std::greater<>());
    least = gains[kLooked];
  }
  std::vector<Candidate> candidates;
  for (const LineGain& line : lines) {
    if (line.gain > 0 && line.gain >= least) {
      candidates.push_back({.line = line});
    }
  }
  return candidates;
}

void choose(std::vector<Candidate>& candidates, std::size_t budget) {
  for (std::size_t count = 0; count < std::min(budget, candidates.size()); ++count) {
    Candidate* best = nullptr;
    for (Candidate& candidate : candidates) {
      if (!candidate.chosen && (best == nullptr || candidate.worth() > best->worth())) {
        best = &candidate;
      }
    }
    best->chosen = true;
    const std::size_t number = best->line.number;
    const auto from = std::lower_bound(candidates.begin(),
                                       candidates.end(),
                                       number - std::min(number, kPlaceLines),
                                       [](const Candidate& candidate, std::size_t least) {
                                         return candidate.line.number < least;
                                       });
    for (auto at = from; at != candidates.end() && at->line.number <= number + kPlaceLines; ++at) {
      ++at->near;
    }
  }
}

}  // namespace

std::vector<LineBlock> choose_blocks(std::span<const LineGain> lines, std::size_t budget) {
  std::vector<Candidate> candidates = best_of(lines);
  choose(candidates, budget);
  std::vector<LineBlock> blocks;
  for (const Candidate& candidate : candidates) {
    if (!candidate.chosen) {
      continue;
    }
    const LineGain& line = candidate.line;
    if (blocks.empty() || blocks.back().last + 1 != line.number) {
      blocks.push_back({.first = line.number, .last = line.number, .gain = 0});
    }
    blocks.back().last = line.number;
    blocks.back().gain += line.gain;
  }
  std::stable_sort(blocks.begin(), blocks.end(), [](const LineBlock& a, const LineBlock& b) {
    return a.gain > b.gain;
  });
  return blocks;
}

}  // namespace headway
