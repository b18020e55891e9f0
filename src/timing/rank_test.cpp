// U by counting pairs: the samples are small.
#include "timing/rank_test.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace headway {

double rank_test_p(std::span<const double> a, std::span<const double> b) {
  double u = 0;
  std::map<double, double> ties;
  for (const double one : a) {
    ties[one] += 1;
    for (const double other : b) {
      u += one > other ? 1 : (one == other ? 0.5 : 0);
    }
  }
  for (const double other : b) {
    ties[other] += 1;
  }
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  const double all = n + m;
  double tied = 0;
  for (const auto& [value, count] : ties) {
    tied += count * (count * count - 1);
  }
  const double variance = all < 2 ? 0 : n * m / 12 * (all + 1 - tied / (all * (all - 1)));
  if (!(variance > 0)) {
    return 1;
  }
  const double z = std::max(0.0, std::abs(u - n * m / 2) - 0.5) / std::sqrt(variance);
  return std::erfc(z / std::sqrt(2.0));
}

}  // namespace headway
