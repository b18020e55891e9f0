// From earlier runs to levels, factors and spreads. See duration_prior.hpp.
#include "timing/duration_prior.hpp"

#include "timing/kind_spread.hpp"
#include "timing/size_effect.hpp"
#include "timing/weighted_quantile.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headway {
namespace {

// Standard deviations of a level from run to run, before anything is seen: of repeats, and what
// comes on top where the planned run has other numbers of tasks.
constexpr double kOfRepeats = 0.1;
constexpr double kOfOtherSizes = 0.4;
constexpr double kBeyondSeen = 0.25;
constexpr double kFarthest = 4;
// How much that counts: in kinds against the kinds seen, and in runs against a kind's own.
constexpr double kUsualKinds = 2;
constexpr double kUsualRuns = 0.5;
// The share of a level's variance that goes with the runs; of what was only assumed, that all kinds
// have in common; and of the rest, that is own luck (what the factors miss is mostly noise).
constexpr double kWithRuns = 0.9;
constexpr double kSingleWithRuns = 0.25;  // of a kind of one task: the rest is the task's own luck
constexpr double kInCommon = 0.4;
constexpr double kOwnShare = 0.2;
constexpr double kLeastOwn = 0.02;
constexpr double kLeastCommon = 0.02;
// Factors cost; the runs that count least are left to the own luck.
constexpr std::size_t kMostFactors = 16;
// A kind nobody knows: as spread as the kinds are, and a little more.
constexpr double kOneKindOnly = 4;
constexpr double kUnknownMore = 0.25;

// Levels by run and kind, in the plan's terms: with the effect of size taken off.
struct Levels {
  std::vector<double> level;  // by run * kinds + kind
  std::vector<double> off;    // by row
};

Levels levels_of(const EarlierRuns& past, const std::vector<SizeEffect>& effects) {
  Levels levels{std::vector<double>(past.runs() * past.kinds(), 0), {}};
  const auto at = [&past](const PastRow& row) { return row.run * past.kinds() + row.kind; };
  for (const PastRow& row : past.rows()) {
    levels.off.push_back(row.level - effects[row.kind].of(row.fan_in, row.bytes));
    levels.level[at(row)] += levels.off.back() / past.count(row.run, row.kind);
  }
  for (std::size_t i = 0; i < levels.off.size(); ++i) {
    levels.off[i] -= levels.level[at(past.rows()[i])];
  }
  return levels;
}

// A run or two in which a kind took far longer (or shorter) than in all others teach that it may,
// not how long it takes: pulled in to three robust deviations (Hampel 1974), at least to twice as
// long. Where more of the runs lie that far out, it is no accident.
void pull_in_outliers(const EarlierRuns& past, Levels& levels) {
  constexpr std::size_t kFewestRuns = 5;
  constexpr double kMostAccidents = 1.0 / 6;
  constexpr double kDeviations = 3 * 1.4826;
  constexpr double kAlwaysWithin = 0.7;
  for (std::size_t kind = 0; kind < past.kinds() && past.runs() >= kFewestRuns; ++kind) {
    std::vector<WeightedValue> values;
    std::vector<WeightedValue> off;
    double weight = 0;
    for (std::size_t run = 0; run < past.runs(); ++run) {
      if (past.count(run, kind) > 0) {
        values.push_back({levels.level[run * past.kinds() + kind], past.weight(run)});
        weight += past.weight(run);
      }
    }
    if (values.size() < kFewestRuns) {
      continue;
    }
    const double middle = weighted_quantile(values, 0.5);
    for (const WeightedValue& value : values) {
      off.push_back({std::abs(value.value - middle), value.weight});
    }
    const double reach = std::max(kAlwaysWithin, kDeviations * weighted_quantile(off, 0.5));
    double beyond = 0;
    for (const WeightedValue& value : off) {
      beyond += value.value > reach ? value.weight : 0;
    }
    for (std::size_t run = 0; run < past.runs() && beyond <= kMostAccidents * weight; ++run) {
      double& level = levels.level[run * past.kinds() + kind];
      level = past.count(run, kind) > 0 ? std::clamp(level, middle - reach, middle + reach) : level;
    }
  }
}

// Mean and variance of one kind's level over the runs, by weight.
struct Moments {
  double mean = 0;
  double variance = 0;
  double runs = 0;  // effective
};

Moments moments_of(const EarlierRuns& past, const Levels& levels, std::size_t kind) {
  Moments moments;
  double weight = 0;
  double squares = 0;
  for (std::size_t run = 0; run < past.runs(); ++run) {
    if (past.count(run, kind) > 0) {
      weight += past.weight(run);
      squares += past.weight(run) * past.weight(run);
      moments.mean += past.weight(run) * levels.level[run * past.kinds() + kind];
    }
  }
  if (weight <= 0) {
    return moments;
  }
  moments.mean /= weight;
  moments.runs = weight * weight / squares;
  for (std::size_t run = 0; run < past.runs(); ++run) {
    if (past.count(run, kind) > 0) {
      const double off = levels.level[run * past.kinds() + kind] - moments.mean;
      moments.variance += past.weight(run) / weight * off * off;
    }
  }
  return moments;
}

// What is assumed of every kind's variance: the middle of the kinds, and what repeats (or runs of
// another size) usually have.
double assumed_variance(const EarlierRuns& past, const std::vector<Moments>& moments) {
  double distance = 0;
  for (std::size_t run = 0; run < past.runs(); ++run) {
    distance += past.weight(run) * std::min(past.distance(run), kFarthest);
  }
  const double usual =
      kOfRepeats * kOfRepeats + kOfOtherSizes * kOfOtherSizes * (1 - std::exp(-distance));
  std::vector<WeightedValue> seen;
  for (const Moments& own : moments) {
    if (own.runs > 1.0001) {
      seen.push_back({own.variance * own.runs / (own.runs - 1), 1});
    }
  }
  const auto count = static_cast<double>(seen.size());
  return count > 0
             ? (weighted_quantile(seen, 0.5) * count + usual * kUsualKinds) / (count + kUsualKinds)
             : usual;
}

// More where the planned run is farther from the earlier ones than they are from each other.
double variance_beyond(const EarlierRuns& past) {
  double distance = 0;
  for (std::size_t run = 0; run < past.runs(); ++run) {
    distance += past.weight(run) * past.distance(run);
  }
  const double excess = std::exp(-past.distance_between()) - std::exp(-distance);
  return kBeyondSeen * kBeyondSeen * std::max(0.0, excess);
}

// One task of this kind in the planned run and in all that were.
bool is_single(const EarlierRuns& past, std::size_t kind) {
  bool is_one = past.planned(kind) <= 1;
  bool is_seen = false;
  for (std::size_t run = 0; run < past.runs(); ++run) {
    is_one = is_one && past.count(run, kind) <= 1;
    is_seen = is_seen || past.count(run, kind) > 0;
  }
  return is_one && is_seen;
}

// The runs that get a factor of their own.
std::vector<std::size_t> weightiest(const EarlierRuns& past) {
  std::vector<std::size_t> runs(past.runs());
  std::iota(runs.begin(), runs.end(), 0U);
  std::stable_sort(runs.begin(), runs.end(), [&past](std::size_t a, std::size_t b) {
    return past.weight(a) > past.weight(b);
  });
  runs.resize(std::min(runs.size(), kMostFactors));
  return runs;
}

}  // namespace

struct DurationPrior::Learned {
  Learned(std::span<const PlannedTask> plan, std::span<const PastDuration> past, double half_life)
      : Learned(plan, EarlierRuns(plan, past, half_life)) {}

  Learned(std::span<const PlannedTask> plan, const EarlierRuns& past) {
    const std::vector<SizeEffect> effects = learn_size_effects(past);
    Levels levels = levels_of(past, effects);
    pull_in_outliers(past, levels);
    std::vector<Moments> moments;
    for (std::size_t kind = 0; kind < past.kinds(); ++kind) {
      moments.push_back(moments_of(past, levels, kind));
    }
    std::vector<KindSpread> spreads = learn_spreads(past, levels.off);
    set_levels(past, levels, moments);
    set_tasks(plan, past, effects, spreads);
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      kinds[kind].deviation = spreads[kind].deviation;
      kinds[kind].freedom = spreads[kind].freedom;
      kinds[kind].dependence = spreads[kind].dependence;
      kinds[kind].quantiles = std::move(spreads[kind].quantiles);
    }
    set_singles(past, levels, moments);
    double squares = 0;
    for (std::size_t run = 0; run < past.runs(); ++run) {
      squares += past.weight(run) * past.weight(run);
    }
    runs = static_cast<int>(past.runs());
    effective_runs = 1 / squares;
  }

  struct Task {
    std::size_t kind = 0;
    double usual = 0;
    double size = 0;
    bool by_bytes = false;
  };
  std::vector<KindPrior> kinds;
  std::vector<Task> tasks;
  std::size_t factors = 0;
  int runs = 0;
  double effective_runs = 0;

 private:
  void set_levels(const EarlierRuns& past,
                  const Levels& levels,
                  const std::vector<Moments>& moments) {
    const double assumed = assumed_variance(past, moments);
    const double beyond = variance_beyond(past);
    const std::vector<std::size_t> own_factor = weightiest(past);
    factors = own_factor.size() + 1;
    kinds.resize(moments.size());
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      const Moments& own = moments[kind];
      KindPrior& prior = kinds[kind];
      prior.is_seen = own.runs > 0;
      prior.loadings.assign(factors, 0);
      if (!prior.is_seen) {
        continue;
      }
      prior.level = own.mean;
      // a run more is off by its own variance and by that of the mean of those before
      const double more = (1 + 1 / own.runs) / (kUsualRuns + std::max(0.0, own.runs - 1));
      const double from_assumed = kUsualRuns * assumed * more + beyond;
      const double variance = from_assumed + own.variance * own.runs * more;
      double with_runs = 0;
      const double share = is_single(past, kind) ? kSingleWithRuns : kWithRuns;
      for (std::size_t i = 0; i < own_factor.size(); ++i) {
        if (const std::size_t run = own_factor[i]; past.count(run, kind) > 0) {
          prior.loadings[i] = std::sqrt(share * past.weight(run)) *
                              (levels.level[run * past.kinds() + kind] - own.mean);
          with_runs += prior.loadings[i] * prior.loadings[i];
        }
      }
      const double common = kInCommon * from_assumed;
      prior.loadings.back() = std::sqrt(common + kLeastCommon * kLeastCommon);
      prior.own_variance =
          kOwnShare * std::max(0.0, variance - with_runs - common) + kLeastOwn * kLeastOwn;
    }
    borrow(assumed);
  }

  // A kind of one task varies from run to run alone: what does not go with the runs is the task's
  // luck, in the shape that it had.
  void set_singles(const EarlierRuns& past,
                   const Levels& levels,
                   const std::vector<Moments>& moments) {
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      KindPrior& prior = kinds[kind];
      if (!is_single(past, kind)) {
        continue;
      }
      const double own = std::sqrt(1 - kSingleWithRuns);
      std::vector<WeightedValue> seen;
      for (std::size_t run = 0; run < past.runs(); ++run) {
        if (past.count(run, kind) > 0) {
          const double off = levels.level[run * past.kinds() + kind] - moments[kind].mean;
          seen.push_back({own * off, past.weight(run)});
        }
      }
      prior.deviation = std::max(prior.deviation, own * std::sqrt(moments[kind].variance));
      prior.quantiles = deviation_quantiles(seen, prior.deviation);
    }
  }

  // Kinds that were never seen lie where the kinds lie that were.
  void borrow(double assumed) {
    std::vector<WeightedValue> seen;
    for (const KindPrior& prior : kinds) {
      if (prior.is_seen) {
        seen.push_back({prior.level, 1});
      }
    }
    const double middle = weighted_quantile(seen, 0.5);
    double variance = seen.size() > 1 ? 0 : kOneKindOnly;
    for (const WeightedValue& one : seen) {
      const double off = one.value - middle;
      variance += seen.size() > 1 ? off * off / static_cast<double>(seen.size()) : 0;
    }
    for (KindPrior& prior : kinds) {
      if (!prior.is_seen) {
        prior.level = middle;
        prior.loadings.back() = kLeastCommon;
        prior.own_variance = kOwnShare * (variance + assumed + kUnknownMore);
      }
    }
  }

  void set_tasks(std::span<const PlannedTask> plan,
                 const EarlierRuns& past,
                 const std::vector<SizeEffect>& effects,
                 const std::vector<KindSpread>& spreads) {
    tasks.reserve(plan.size());
    for (std::size_t i = 0; i < plan.size(); ++i) {
      const std::size_t kind = past.kind_of(i);
      const double bytes = plan[i].input_bytes > 0 ? std::log(plan[i].input_bytes) : 0;
      Task task{kind, 0, effects[kind].of(std::log1p(plan[i].fan_in), bytes), false};
      task.by_bytes = effects[kind].measure == SizeMeasure::input_bytes;
      const auto usual = spreads[kind].usual_of_key.find(plan[i].key);
      task.usual = usual == spreads[kind].usual_of_key.end() ? 0 : usual->second;
      tasks.push_back(task);
    }
  }
};

DurationPrior::DurationPrior(std::span<const PlannedTask> plan,
                             std::span<const PastDuration> past,
                             double half_life_runs) {
  const bool is_any = std::any_of(past.begin(), past.end(), [](const PastDuration& one) {
    return one.seconds >= 0 && std::isfinite(one.seconds);
  });
  if (is_any) {
    learned_ = std::make_shared<const Learned>(plan, past, half_life_runs);
  }
}

int DurationPrior::runs() const noexcept {
  return learned_ ? learned_->runs : 0;
}

double DurationPrior::effective_runs() const noexcept {
  return learned_ ? learned_->effective_runs : 0;
}

std::size_t DurationPrior::factors() const noexcept {
  return learned_ ? learned_->factors : 0;
}

std::size_t DurationPrior::kinds() const noexcept {
  return learned_ ? learned_->kinds.size() : 0;
}

const KindPrior& DurationPrior::kind(std::size_t kind) const {
  return learned_->kinds[kind];
}

std::size_t DurationPrior::kind_of(std::size_t task) const {
  return learned_->tasks[task].kind;
}

double DurationPrior::usual_of(std::size_t task) const {
  return learned_->tasks[task].usual;
}

double DurationPrior::size_effect_of(std::size_t task) const {
  return learned_->tasks[task].size;
}

bool DurationPrior::size_is_bytes(std::size_t task) const {
  return learned_->tasks[task].by_bytes;
}

double DurationPrior::median_of(std::size_t task) const {
  const KindPrior& prior = kind(kind_of(task));
  const double size = size_is_bytes(task) ? 0 : size_effect_of(task);
  return std::exp(prior.level + usual_of(task) + size);
}

std::vector<PlannedTask> planned_stages(std::span<const std::string_view> keys) {
  std::vector<PlannedTask> tasks;
  tasks.reserve(keys.size());
  for (const std::string_view key : keys) {
    tasks.push_back({key, stage_group(key)});
  }
  return tasks;
}

}  // namespace headway
