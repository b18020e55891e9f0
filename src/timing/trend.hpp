// Trend: whether a series goes up or down, by a robust test. Pure; knows no stage. (One step in the
// level is a regression, not a trend.)
#pragma once

#include <span>
#include <string_view>

namespace headway {

// Which way a series goes. Spelled in JSON as written.
enum class Direction {
  unknown,  // too few values
  steady,   // nothing significant, or too little to matter
  rising,
  falling,
};

std::string_view to_string(Direction direction) noexcept;

// The answer. The slope is that of Theil and Sen: the median of the slopes of all pairs.
struct Trend {
  Direction direction = Direction::unknown;
  double percent_per_step = 0;  // of the median; 0 where it is unknown
  double p_value = 1;           // of chance alone
};

// Needs 8 values. Rising or falling: the Mann-Kendall test (Mann 1945; Kendall 1975; with ties)
// says p < 0.05, and the line changes by 5 % or more of the median over the whole series. Values
// that are not finite are passed over.
Trend trend_of(std::span<const double> oldest_first);

}  // namespace headway
