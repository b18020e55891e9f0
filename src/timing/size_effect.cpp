// One regression a kind and measure. See size_effect.hpp.
#include "timing/size_effect.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headway {
namespace {

// What is thought of a slope before anything is seen: its mean, and standard deviation.
struct Usual {
  double slope = 0;
  double spread = 1;
};
constexpr Usual kOfFanIn{0.3, 0.3};
constexpr Usual kOfBytes{0.5, 0.5};
// How far the level of one run is off its line: standard deviation of the logarithm.
constexpr double kNoise = 0.3;
// The line is followed so far (in logarithms) beyond what was seen.
constexpr double kStretch = 0.3;
constexpr int kFewestToChoose = 4;
// Bytes must tell that much better (log likelihood) than the rest: not every recorder counts the
// same files. The fan-in may tell that much worse than nothing.
constexpr double kBytesMustGain = 0.5;
constexpr double kFanInMayLose = 0.2;
constexpr double kAsGoodAsEqual = 0.02;
// Every run counts a little, even one that is unlike the planned one.
constexpr double kLeastWeight = 1e-3;

// The means of one kind in one run.
struct Point {
  double level = 0;
  double fan_in = 0;
  double bytes = 0;
  double weight = 0;
  double count = 0;

  double size(SizeMeasure measure) const { return measure == SizeMeasure::fan_in ? fan_in : bytes; }
};

SizeEffect fit(const std::vector<Point>& points, SizeMeasure measure, const Point* without) {
  SizeEffect effect{measure, 0, 0, 0, 0};
  const Usual usual = measure == SizeMeasure::fan_in ? kOfFanIn : kOfBytes;
  double weight = 0;
  double level = 0;
  double total = 0;
  for (const Point& point : points) {
    if (&point != without) {
      weight += point.weight;
      effect.centre += point.weight * point.size(measure);
      level += point.weight * point.level;
      total += 1;
    }
  }
  effect.centre /= weight;
  level /= weight;
  double squares = 0;
  double products = 0;
  effect.low = std::numeric_limits<double>::infinity();
  effect.high = -effect.low;
  for (const Point& point : points) {
    if (&point != without) {
      const double off = point.size(measure) - effect.centre;
      const double counts = without == nullptr ? 1 : point.weight / weight * total;
      squares += counts * off * off;
      products += counts * off * (point.level - level);
      effect.low = std::min(effect.low, point.size(measure) - kStretch);
      effect.high = std::max(effect.high, point.size(measure) + kStretch);
    }
  }
  const double noise = kNoise * kNoise;
  const double before = usual.spread * usual.spread;
  effect.slope = (products / noise + usual.slope / before) / (squares / noise + 1 / before);
  return effect;
}

// How badly a measure tells the levels of runs that are left out.
double loss(const std::vector<Point>& points, SizeMeasure measure) {
  double sum = 0;
  for (const Point& point : points) {
    double weight = 0;
    double level = 0;
    for (const Point& other : points) {
      if (&other != &point) {
        weight += other.weight;
        level += other.weight * other.level;
      }
    }
    double off = point.level - level / weight;
    if (measure != SizeMeasure::none) {
      off -= fit(points, measure, &point).of(point.fan_in, point.bytes);
    }
    sum += point.weight * std::log(off * off + kAsGoodAsEqual);
  }
  return sum;
}

SizeMeasure best_measure(const std::vector<Point>& points) {
  if (static_cast<int>(points.size()) < kFewestToChoose) {
    return SizeMeasure::fan_in;
  }
  SizeMeasure best = SizeMeasure::none;
  double least = loss(points, SizeMeasure::none);
  if (const double with = loss(points, SizeMeasure::fan_in); with < least + kFanInMayLose) {
    best = SizeMeasure::fan_in;
    least = with;
  }
  const bool has_bytes =
      std::all_of(points.begin(), points.end(), [](const Point& point) { return point.bytes > 0; });
  if (has_bytes && loss(points, SizeMeasure::input_bytes) < least - kBytesMustGain) {
    best = SizeMeasure::input_bytes;
  }
  return best;
}

}  // namespace

double SizeEffect::of(double fan_in, double bytes) const noexcept {
  const double size = measure == SizeMeasure::fan_in ? fan_in : bytes;
  if (measure == SizeMeasure::none || (measure == SizeMeasure::input_bytes && bytes <= 0)) {
    return 0;
  }
  return slope * (std::clamp(size, low, high) - centre);
}

std::vector<SizeEffect> learn_size_effects(const EarlierRuns& past) {
  std::vector<std::vector<Point>> by_kind(past.kinds());
  std::vector<Point> means(past.runs() * past.kinds());
  for (const PastRow& row : past.rows()) {
    Point& mean = means[row.run * past.kinds() + row.kind];
    const double share = 1 / past.count(row.run, row.kind);
    mean.level += row.level * share;
    mean.fan_in += row.fan_in * share;
    mean.bytes += row.bytes * share;
    mean.weight = past.weight(row.run) + kLeastWeight / static_cast<double>(past.runs());
    mean.count += 1;
  }
  std::vector<SizeEffect> effects(past.kinds());
  for (std::size_t kind = 0; kind < past.kinds(); ++kind) {
    std::vector<Point> points;
    for (std::size_t run = 0; run < past.runs(); ++run) {
      if (const Point& mean = means[run * past.kinds() + kind]; mean.count > 0) {
        points.push_back(mean);
      }
    }
    if (!points.empty()) {
      effects[kind] = fit(points, best_measure(points), nullptr);
      if (effects[kind].measure == SizeMeasure::none) {
        effects[kind] = {};
      }
    }
  }
  return effects;
}

}  // namespace headway
