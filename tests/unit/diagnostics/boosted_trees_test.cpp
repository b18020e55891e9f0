// Tests of BoostedTrees: the sum over small trees that can be followed by hand.
#include "diagnostics/boosted_trees.hpp"

#include "diagnostics/excerpt_model.hpp"
#include "diagnostics/line_features.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace headway {
namespace {

// Feature 1 at most 3: -1, else: feature 0 at most 0: 2, else 4. The second tree is one leaf of 8.
constexpr TreeNode kNodes[] = {{1, 3, 1, 0},
                               {kLeaf, 0, 0, -1},
                               {0, 0, 3, 0},
                               {kLeaf, 0, 0, 2},
                               {kLeaf, 0, 0, 4},
                               {kLeaf, 0, 0, 8}};
constexpr std::uint16_t kRoots[] = {0, 5};

TEST(BoostedTrees, one_leaf_of_every_tree_is_added_to_the_bias) {
  const BoostedTrees trees{.nodes = kNodes, .roots = kRoots, .bias = 0.5F};
  const auto sum = [&](std::uint8_t first, std::uint8_t second) {
    return trees.sum(std::array<std::uint8_t, 2>{first, second});
  };
  EXPECT_FLOAT_EQ(sum(0, 3), 7.5F);
  EXPECT_FLOAT_EQ(sum(0, 4), 10.5F);
  EXPECT_FLOAT_EQ(sum(1, 4), 12.5F);
}

TEST(BoostedTrees, probability_is_the_logistic_function_of_sum_and_prior) {
  const BoostedTrees trees{.nodes = {}, .roots = {}, .bias = -1};
  EXPECT_FLOAT_EQ(trees.probability({}), 1 / (1 + std::exp(1.0F)));
  EXPECT_FLOAT_EQ(trees.probability({}, 1), 0.5F);
}

TEST(BoostedTrees, table_of_the_excerpt_model_leads_from_every_root_to_leaves) {
  const BoostedTrees& model = excerpt_model();
  ASSERT_FALSE(model.roots.empty());
  for (std::size_t node = 0; node < model.nodes.size(); ++node) {
    const TreeNode& at = model.nodes[node];
    if (at.feature != kLeaf) {
      EXPECT_LT(at.feature, kLineFeatures);
      EXPECT_GT(at.left, node);  // so that no walk goes on forever
      EXPECT_LT(at.left + 1U, model.nodes.size());
    }
  }
  for (const std::uint16_t root : model.roots) {
    EXPECT_LT(root, model.nodes.size());
  }
}

}  // namespace
}  // namespace headway
