// Threshold: what a measured number must be. Pure; knows nothing of where numbers come from.
#pragma once

#include "headway/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace headway {

// How a number stands to the limit.
enum class Comparison : std::uint8_t { at_least, above, at_most, below, equal, not_equal };

// One condition: ">= 80". Plain value.
struct Threshold {
  Comparison comparison = Comparison::at_least;
  double limit = 0;

  // Exact; a value that is no number (NaN) holds for nothing.
  bool holds(double value) const noexcept;

  friend bool operator==(const Threshold&, const Threshold&) = default;
};

// `>= > <= < == !=` and a finite number, spaces as one likes. Error invalid_argument for anything
// else.
Result<Threshold> parse_threshold(std::string_view text);
// ">= 80": what parse_threshold() reads back to the same value.
std::string to_string(const Threshold& threshold);
// The number as people write it: "80", "87.5", "66.666667"; at most six decimals.
std::string metric_text(double value);

}  // namespace headway
