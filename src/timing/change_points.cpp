// The search, its permutation test, and the robust measures; see change_points.hpp.
#include "timing/change_points.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace headway {
namespace {

constexpr double kWinsorAt = 2;             // robust standard deviations from the median
constexpr double kNormalByMedian = 1.4826;  // standard deviation over median distance
constexpr double kNormalByMean = 1.2533;    // standard deviation over mean distance
constexpr std::size_t kYoung = 10;          // values since a change that is news
constexpr double kWeightOfOld = 0.8;        // of the squared statistic of the others
constexpr double kHopelessSquaredT = 6.5;   // below: never significant, no permutations needed
constexpr double kClearSquaredT = 25;       // of a stretch in the middle; noise stays far below
constexpr double kRounding = 1e-12;
constexpr std::uint64_t kSeed = 20261123;
constexpr std::size_t kNewest = 3;  // values that must agree that it lasts

// SplitMix64 (Steele, Lea and Flood 2014): small, and the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  // Uniform in [0, bound); bound < 2^32.
  std::size_t below(std::size_t bound) {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    return static_cast<std::size_t>(((z >> 32) * static_cast<std::uint64_t>(bound)) >> 32);
  }

 private:
  std::uint64_t state_;
};

void shuffle(std::vector<double>& values, Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[random.below(i)]);
  }
}

// Where half of the values are equal the median distance says nothing: then the mean one.
std::vector<double> winsorised(std::span<const double> values) {
  const double middle = median_of(values);
  double spread = robust_deviation(values);
  if (spread <= 0) {
    double sum = 0;
    for (const double value : values) {
      sum += std::abs(value - middle);
    }
    spread = kNormalByMean * sum / static_cast<double>(values.size());
  }
  std::vector<double> bounded(values.begin(), values.end());
  for (double& value : bounded) {
    value = std::clamp(value, middle - kWinsorAt * spread, middle + kWinsorAt * spread);
  }
  return bounded;
}

// The best place to split, and how much of the squares it explains there (R squared, weighted).
struct Split {
  double explained = 0;
  std::size_t at = 0;
};

// For values whose mean is 0 and whose squares add up to 1.
Split best_split(const std::vector<double>& values, const ChangePointOptions& options) {
  const std::size_t count = values.size();
  Split best;
  double sum = 0;
  for (std::size_t at = 1; at + options.least_after <= count; ++at) {
    sum += values[at - 1];
    if (at < options.least_before) {
      continue;
    }
    const auto before = static_cast<double>(at);
    const auto after = static_cast<double>(count - at);
    const double weight = count - at <= kYoung ? 1 : kWeightOfOld;
    const double explained = weight * sum * sum * (before + after) / (before * after);
    if (explained > best.explained) {
      best = {explained, at};
    }
  }
  return best;
}

// False where the values are all equal.
bool standardise(std::vector<double>& values) {
  double mean = 0;
  for (const double value : values) {
    mean += value;
  }
  mean /= static_cast<double>(values.size());
  double squares = 0;
  for (double& value : values) {
    value -= mean;
    squares += value * value;
  }
  if (!(squares > 0)) {
    return false;
  }
  const double scale = 1 / std::sqrt(squares);
  for (double& value : values) {
    value *= scale;
  }
  return true;
}

// The best change of the whole, if it is significant. Stops counting as soon as it cannot be.
std::optional<ChangePoint> significant_split(std::span<const double> values,
                                             const ChangePointOptions& options) {
  if (values.size() < options.least_before + options.least_after) {
    return std::nullopt;
  }
  std::vector<double> bounded = winsorised(values);
  if (!standardise(bounded)) {
    return std::nullopt;
  }
  const Split found = best_split(bounded, options);
  const double rest = std::max(1 - found.explained, kRounding);
  if (found.explained * static_cast<double>(values.size() - 2) / rest < kHopelessSquaredT) {
    return std::nullopt;
  }
  const double most = options.significance * (options.permutations + 1);
  Random random(kSeed);
  int as_good = 1;  // the order that was seen is one of them
  for (int i = 0; i < options.permutations; ++i) {
    shuffle(bounded, random);
    if (best_split(bounded, options).explained >= found.explained * (1 - kRounding) &&
        ++as_good > most) {
      return std::nullopt;
    }
  }
  return ChangePoint{found.at, as_good / (options.permutations + 1.0)};
}

// A stretch that stands out from both of its sides, which are alike: no single split shows it.
struct Stretch {
  double explained = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

Stretch best_stretch(const std::vector<double>& values, const ChangePointOptions& options) {
  const std::size_t count = values.size();
  std::vector<double> sums(count + 1, 0);
  for (std::size_t i = 0; i < count; ++i) {
    sums[i + 1] = sums[i] + values[i];
  }
  Stretch best;
  for (std::size_t begin = options.least_before; begin < count; ++begin) {
    for (std::size_t end = begin + options.least_after; end + options.least_after <= count; ++end) {
      const double sum = sums[end] - sums[begin];
      const auto inside = static_cast<double>(end - begin);
      const auto all = static_cast<double>(count);
      const double explained = sum * sum * all / (inside * (all - inside));
      if (explained > best.explained) {
        best = {explained, begin, end};
      }
    }
  }
  return best;
}

// Its two ends, where it is beyond doubt: nothing as good in all the random orders.
std::vector<ChangePoint> clear_stretch(std::span<const double> values,
                                       const ChangePointOptions& options) {
  if (values.size() < options.least_before + 2 * options.least_after) {
    return {};
  }
  std::vector<double> bounded = winsorised(values);
  if (!standardise(bounded)) {
    return {};
  }
  const Stretch found = best_stretch(bounded, options);
  const double rest = std::max(1 - found.explained, kRounding);
  if (found.explained * static_cast<double>(values.size() - 2) / rest < kClearSquaredT) {
    return {};
  }
  Random random(kSeed);
  for (int i = 0; i < options.permutations; ++i) {
    shuffle(bounded, random);
    if (best_stretch(bounded, options).explained >= found.explained * (1 - kRounding)) {
      return {};
    }
  }
  const double p_value = 1 / (options.permutations + 1.0);
  return {{found.begin, p_value}, {found.end, p_value}};
}

void segment(std::span<const double> values,
             std::size_t offset,
             const ChangePointOptions& options,
             std::vector<ChangePoint>& found) {
  std::vector<ChangePoint> cuts;
  if (const auto split = significant_split(values, options)) {
    cuts.push_back(*split);
  } else {
    cuts = clear_stretch(values, options);
  }
  std::size_t begin = 0;
  for (const ChangePoint& cut : cuts) {
    segment(values.subspan(begin, cut.at - begin), offset + begin, options, found);
    found.push_back({offset + cut.at, cut.p_value});
    begin = cut.at;
  }
  if (begin > 0) {
    segment(values.subspan(begin), offset + begin, options, found);
  }
}

// Half way from `shift.before` to `shift.after` is passed by `level`.
bool holds(const LevelShift& shift, double level) {
  const double half = (shift.after - shift.before) / 2;
  return half > 0 ? level - shift.before > half : level - shift.before < half;
}

void find_levels(LevelShift& shift, std::span<const double> values) {
  shift.before = hodges_lehmann(values.subspan(shift.begin, shift.at - shift.begin));
  shift.after = hodges_lehmann(values.subspan(shift.at, shift.end - shift.at));
}

bool is_large(const LevelShift& shift,
              std::span<const double> values,
              const LevelShiftOptions& options) {
  const double size = shift.after - shift.before;
  if (size == 0 || std::abs(size) < options.least_shift) {
    return false;
  }
  const double above = superiority(values.subspan(shift.begin, shift.at - shift.begin),
                                   values.subspan(shift.at, shift.end - shift.at));
  return (size > 0 ? above : 1 - above) >= options.least_superiority;
}

}  // namespace

std::vector<ChangePoint> find_change_points(std::span<const double> values,
                                            const ChangePointOptions& options) {
  std::vector<ChangePoint> found;
  segment(values, 0, options, found);
  return found;
}

std::vector<LevelShift> find_level_shifts(std::span<const double> values,
                                          const LevelShiftOptions& options) {
  const std::vector<ChangePoint> points = find_change_points(values, options.test);
  std::vector<LevelShift> shifts;
  for (std::size_t i = 0; i < points.size(); ++i) {
    LevelShift shift;
    shift.begin = i == 0 ? 0 : points[i - 1].at;
    shift.at = points[i].at;
    shift.end = i + 1 < points.size() ? points[i + 1].at : values.size();
    shift.p_value = points[i].p_value;
    find_levels(shift, values);
    while (shift.at + 1 < shift.end && !holds(shift, values[shift.at])) {
      ++shift.at;
    }
    find_levels(shift, values);
    shifts.push_back(shift);
  }
  if (shifts.empty()) {
    return shifts;
  }
  const double newest_level = shifts.back().after;
  const double newest_values = median_of(values.last(std::min(kNewest, values.size())));
  std::erase_if(shifts, [&](const LevelShift& shift) {
    return shift.end - shift.at < options.test.least_after || !is_large(shift, values, options) ||
           !holds(shift, newest_level) || !holds(shift, newest_values);
  });
  return shifts;
}

double hodges_lehmann(std::span<const double> values) {
  std::vector<double> means;
  means.reserve(values.size() * (values.size() + 1) / 2);
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = i; j < values.size(); ++j) {
      means.push_back((values[i] + values[j]) / 2);
    }
  }
  return median_of(means);
}

double superiority(std::span<const double> before, std::span<const double> after) {
  if (before.empty() || after.empty()) {
    return 0.5;
  }
  double won = 0;
  for (const double old : before) {
    for (const double now : after) {
      won += now > old ? 1 : (now == old ? 0.5 : 0);
    }
  }
  return won / static_cast<double>(before.size() * after.size());
}

double median_of(std::span<const double> values) {
  if (values.empty()) {
    return 0;
  }
  std::vector<double> sorted(values.begin(), values.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  if (sorted.size() % 2 == 1) {
    return *middle;
  }
  return (*std::max_element(sorted.begin(), middle) + *middle) / 2;
}

double robust_deviation(std::span<const double> values) {
  const double middle = median_of(values);
  std::vector<double> distances;
  distances.reserve(values.size());
  for (const double value : values) {
    distances.push_back(std::abs(value - middle));
  }
  return kNormalByMedian * median_of(distances);
}

}  // namespace headway
