// What an open PerformanceEstimator keeps; its answers stand in several files.
#pragma once

#include "headway/timing.hpp"

#include <string>

namespace headway {

// Where its answers come from.
struct PerformanceEstimator::State {
  std::string history;  // path: read anew for every answer
};

}  // namespace headway
