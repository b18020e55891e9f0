// BoostedTrees: a sum of small decision trees over a row of small numbers. Plain data and its
// evaluation; knows neither what the numbers mean nor how the trees were grown.
#pragma once

#include <cstdint>
#include <span>

namespace headway {

// One node. Inner: go to `left` where row[feature] <= threshold, else to left + 1. Leaf: feature is
// kLeaf and `value` is added to the sum.
struct TreeNode {
  std::uint8_t feature;
  std::uint8_t threshold;
  std::uint16_t left;
  float value;
};
inline constexpr std::uint8_t kLeaf = 255;

// Trees grown by gradient boosting with logistic loss (Friedman 2001, Greedy function
// approximation). Views of tables that must outlive it.
struct BoostedTrees {
  std::span<const TreeNode> nodes;
  std::span<const std::uint16_t> roots;
  float bias = 0;

  // The logit: the bias and one leaf of every tree. `row` must have every feature that the nodes
  // name.
  float sum(std::span<const std::uint8_t> row) const noexcept;
  // 1 / (1 + exp(-(sum + prior))).
  float probability(std::span<const std::uint8_t> row, float prior = 0) const noexcept;
};

}  // namespace headway
