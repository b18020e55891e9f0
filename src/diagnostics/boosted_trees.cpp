// Walking the trees: see the header.
#include "diagnostics/boosted_trees.hpp"

#include <cmath>

namespace headway {

float BoostedTrees::sum(std::span<const std::uint8_t> row) const noexcept {
  float total = bias;
  for (const std::uint16_t root : roots) {
    const TreeNode* node = &nodes[root];
    while (node->feature != kLeaf) {
      node = &nodes[node->left + (row[node->feature] > node->threshold ? 1U : 0U)];
    }
    total += node->value;
  }
  return total;
}

float BoostedTrees::probability(std::span<const std::uint8_t> row, float prior) const noexcept {
  return 1.0F / (1.0F + std::exp(-sum(row) - prior));
}

}  // namespace headway
