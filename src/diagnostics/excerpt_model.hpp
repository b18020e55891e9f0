// The trees that say which lines of a log a person would mark as the reason of its failure. Knows
// no log; docs/design/failure-extraction.md says how they were grown.
#pragma once

#include "diagnostics/boosted_trees.hpp"

namespace headway {

// Over the features of LineFeatures; gives what showing the line is worth, about 0..1. Thread-safe.
const BoostedTrees& excerpt_model() noexcept;

}  // namespace headway
