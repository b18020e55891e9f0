// Whether two samples differ: the test of Mann and Whitney. Pure.
#pragma once

#include <span>

namespace headway {

// Two-sided p-value of Mann and Whitney (1947), by the normal law with ties and the correction for
// continuity: good from about 5 values each. 1 where either is empty, or all values are equal.
double rank_test_p(std::span<const double> a, std::span<const double> b);

}  // namespace headway
