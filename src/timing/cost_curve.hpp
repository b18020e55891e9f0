// What more workers bring and cost: the curve of run times over numbers of workers, and its knee.
// Pure; knows no workflow.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace headway {

// So many workers take so long.
struct CurvePoint {
  int jobs = 1;        // >= 1
  double seconds = 0;  // >= 0
};

// Within a thousandth of each other.
bool is_as_fast(double seconds, double other_seconds) noexcept;

// The point that is fastest; of those that are as fast the one with fewest workers. Nothing for an
// empty curve.
std::optional<std::size_t> fastest_point(std::span<const CurvePoint> curve);

// The knee: where speed times efficiency is greatest (speedup squared over workers), beyond which a
// further worker costs more than it brings. Eager, Zahorjan and Lazowska, "Speedup versus
// efficiency in parallel systems", IEEE Transactions on Computers 38(3), 1989. It does not depend
// on how far the curve was looked at. Of equal points the one with fewer workers; where nothing
// takes any time the fewest. Nothing for an empty curve.
std::optional<std::size_t> knee_of_curve(std::span<const CurvePoint> curve);

// Its speed as a share of the other's, 0 to 1 and above; 1 where neither takes any time.
double speed_share(const CurvePoint& point, const CurvePoint& of);

// Numbers of workers worth asking about where nobody names any: 1, 2, 4, ... up to the first that
// is enough for so many tasks, at most 64.
std::vector<int> usual_job_numbers(int tasks);

}  // namespace headway
