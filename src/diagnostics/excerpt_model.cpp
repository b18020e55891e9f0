// The table of the trees, made by benchmarks/excerpt_training.cpp: numbers alone, nothing of the
// logs that they were grown from.
#include "diagnostics/excerpt_model.hpp"

#include <cstdint>

namespace headway {
namespace {

#include "diagnostics/excerpt_model_table.inc"

}  // namespace

const BoostedTrees& excerpt_model() noexcept {
  static const BoostedTrees kModel{.nodes = kNodes, .roots = kRoots, .bias = kBias};
  return kModel;
}

}  // namespace headway
