// Sites, factors, draws. See level_posterior.hpp.
#include "timing/level_posterior.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace headway {
namespace {

constexpr std::uint64_t kSeed = 20261122;
// Weights of finished tasks: Student's t with so many degrees of freedom, found in so many steps.
// From so many tasks on they are judged by each other, not by what was expected.
constexpr double kTailFreedom = 4;
constexpr int kWeightSteps = 3;
constexpr std::size_t kFewestToJudge = 3;
// How far one finished task may lie from the middle, in deviations, when deviations are learned;
// and how many degrees of freedom those of earlier runs count for at most.
constexpr double kFarthestOff = 4;
constexpr double kMostEarlierFreedom = 8;
constexpr double kLeastStretch = 0.2;
// A running task says less than it seems to: it is often slow with its neighbours.
constexpr double kRunningSays = 0.3;
constexpr int kGrid = 41;
constexpr double kGridReach = 5;  // standard deviations
constexpr double kLeastPrecision = 1e-6;
constexpr double kMostLogSeconds = 30;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// splitmix64's finisher (Steele, Lea and Flood 2014).
std::uint64_t scrambled(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

// log of the standard normal's upper tail; far out by its asymptote (Abramowitz and
// Stegun 26.2.12).
double log_tail(double z) {
  constexpr double kFar = 5;
  constexpr double kRootOfTwoPi = 2.5066282746310002;
  return z < kFar ? std::log(0.5 * std::erfc(z / std::sqrt(2.0)))
                  : -0.5 * z * z - std::log(z * kRootOfTwoPi) - 1 / (z * z);
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t size = values.size();
  return (values[(size - 1) / 2] + values[size / 2]) / 2;
}

}  // namespace

LevelPosterior::LevelPosterior(const DurationPrior& prior, const ReplayInput& input)
    : prior_(prior), input_(input), kinds_(prior.kinds()) {
  const std::size_t factors = prior.factors();
  precision_.assign(factors * factors, 0);
  for (std::size_t i = 0; i < factors; ++i) {
    precision_[i * factors + i] = 1;
  }
  pull_.assign(factors, 0);
  read();
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
    adapt(kind);
    if (!kinds_[kind].finished.empty()) {
      double variance = prior.kind(kind).own_variance;
      for (const double loading : prior.kind(kind).loadings) {
        variance += loading * loading;
      }
      tell(kind, {prior.kind(kind).level, variance});
    }
  }
  find_factors();
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
    if (!kinds_[kind].running.empty()) {
      count_site(kind, -1);
      find_factors();
      const Gaussian cavity = by_factors(kind);
      kinds_[kind].site = {};
      tell(kind, cavity);
      find_factors();
    }
  }
}

// The effect of size by task. Where it goes by bytes that are not written yet: as of the others of
// its kind.
std::vector<double> LevelPosterior::sizes() const {
  const std::size_t tasks = at(input_.graph.size());
  std::vector<bool> is_known(tasks, true);
  for (std::size_t task = 0; task < tasks; ++task) {
    const bool is_done =
        !input_.tasks.empty() && input_.tasks[task].state == ReplayTask::State::done;
    for (const std::int32_t next : input_.graph.successors(static_cast<int>(task))) {
      is_known[at(next)] = is_known[at(next)] && is_done;
    }
  }
  std::vector<double> sum(kinds_.size(), 0);
  std::vector<double> count(kinds_.size(), 0);
  std::vector<double> sizes(tasks, 0);
  for (std::size_t task = 0; task < tasks; ++task) {
    if (is_known[task] || !prior_.size_is_bytes(task)) {
      sizes[task] = prior_.size_effect_of(task);
      sum[prior_.kind_of(task)] += sizes[task];
      count[prior_.kind_of(task)] += 1;
    }
  }
  for (std::size_t task = 0; task < tasks; ++task) {
    const std::size_t kind = prior_.kind_of(task);
    if (!is_known[task] && prior_.size_is_bytes(task) && count[kind] > 0) {
      sizes[task] = sum[kind] / count[kind];
    }
  }
  return sizes;
}

void LevelPosterior::read() {
  usual_ = sizes();
  for (std::size_t task = 0; task < usual_.size(); ++task) {
    usual_[task] += prior_.usual_of(task);
    const ReplayTask state = input_.tasks.empty() ? ReplayTask{} : input_.tasks[task];
    Kind& kind = kinds_[prior_.kind_of(task)];
    if (state.state != ReplayTask::State::done) {
      ++kind.left;
    }
    const double seconds = to_seconds(state.took).count();
    const double so_far = to_seconds(state.running_for).count();
    if (state.state == ReplayTask::State::done && state.took > Nanos{0}) {
      kind.finished.push_back(log_seconds(seconds) - usual_[task]);
    } else if (state.state == ReplayTask::State::running && so_far > kLeastSecondsToldApart) {
      kind.running.push_back(log_seconds(so_far) - usual_[task]);
    }
  }
}

// The deviation of tasks, from those of this run and those before.
void LevelPosterior::adapt(std::size_t kind) {
  Kind& own = kinds_[kind];
  const double before = prior_.kind(kind).deviation;
  own.deviation = before;
  const std::size_t size = own.finished.size();
  if (size < kFewestToJudge) {
    return;
  }
  const double middle = median_of(own.finished);
  std::vector<double> near;
  double mean = 0;
  for (const double value : own.finished) {
    near.push_back(
        std::clamp(value, middle - kFarthestOff * before, middle + kFarthestOff * before));
    mean += near.back() / static_cast<double>(size);
  }
  double squares = 0;
  for (const double value : near) {
    squares += (value - mean) * (value - mean);
  }
  const double freedom = std::min(prior_.kind(kind).freedom + 1, kMostEarlierFreedom);
  const double variance =
      (freedom * before * before + squares) / (freedom + static_cast<double>(size) - 1);
  own.stretch = std::max(kLeastStretch, std::sqrt(variance) / before);
  own.deviation = before * own.stretch;
}

LevelPosterior::Gaussian LevelPosterior::with_finished(std::size_t kind,
                                                       const Gaussian& cavity) const {
  const Kind& own = kinds_[kind];
  if (own.finished.empty()) {
    return cavity;
  }
  const auto size = static_cast<double>(own.finished.size());
  const double variance = own.deviation * own.deviation;
  const double alike = std::min(prior_.kind(kind).dependence, size);
  const bool by_each_other = own.finished.size() >= kFewestToJudge;
  double centre = by_each_other ? median_of(own.finished) : cavity.mean;
  double spread = by_each_other ? variance / size : cavity.variance;
  Gaussian told;
  for (int step = 0; step < kWeightSteps; ++step) {
    double weights = 0;
    double sum = 0;
    for (const double value : own.finished) {
      const double off = (value - centre) * (value - centre) / (variance + spread);
      const double weight = std::min(1.0, (kTailFreedom + 1) / (kTailFreedom + off));
      weights += weight;
      sum += weight * value;
    }
    const double precision = weights / (variance * alike);
    told.variance = 1 / (1 / cavity.variance + precision);
    told.mean = told.variance * (cavity.mean / cavity.variance + precision * sum / weights);
    centre = by_each_other ? sum / weights : told.mean;
    spread = by_each_other ? 0 : told.variance;
  }
  return told;
}

LevelPosterior::Gaussian LevelPosterior::with_running(std::size_t kind,
                                                      const Gaussian& before) const {
  const Kind& own = kinds_[kind];
  if (own.running.empty()) {
    return before;
  }
  const double says = kRunningSays / std::min(prior_.kind(kind).dependence,
                                              static_cast<double>(own.running.size()));
  const double deviation = std::sqrt(before.variance);
  const double step = 2 * kGridReach * deviation / (kGrid - 1);
  double logs[kGrid];
  double most = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < kGrid; ++i) {
    const double level = before.mean - kGridReach * deviation + step * i;
    logs[i] = -0.5 * (level - before.mean) * (level - before.mean) / before.variance;
    for (const double so_far : own.running) {
      logs[i] += says * log_tail((so_far - level) / own.deviation);
    }
    most = std::max(most, logs[i]);
  }
  double sum = 0;
  double mean = 0;
  double squares = 0;
  for (int i = 0; i < kGrid; ++i) {
    const double off = step * i;
    const double weight = std::exp(logs[i] - most);
    sum += weight;
    mean += weight * off;
    squares += weight * off * off;
  }
  mean /= sum;
  return {before.mean - kGridReach * deviation + mean,
          std::max(squares / sum - mean * mean, step * step / 4)};
}

// Makes the site such that with it `cavity` becomes what the tasks make of it.
void LevelPosterior::tell(std::size_t kind, const Gaussian& cavity) {
  const Gaussian after = with_running(kind, with_finished(kind, cavity));
  Site& site = kinds_[kind].site;
  site.precision = std::max(kLeastPrecision, 1 / after.variance - 1 / cavity.variance);
  site.shift = site.precision > kLeastPrecision
                   ? after.mean / after.variance - cavity.mean / cavity.variance
                   : after.mean * site.precision;
  count_site(kind, 1);
}

// Adds what a site says to the factors, or takes it off.
void LevelPosterior::count_site(std::size_t kind, double sign) {
  const Site& site = kinds_[kind].site;
  if (site.precision <= 0) {
    return;
  }
  const KindPrior& prior = prior_.kind(kind);
  const double weight = sign / (1 / site.precision + prior.own_variance);
  const double off = site.shift / site.precision - prior.level;
  const std::size_t size = pull_.size();
  for (std::size_t i = 0; i < size; ++i) {
    const double loading = weight * prior.loadings[i];
    pull_[i] += loading * off;
    for (std::size_t j = 0; j <= i && loading != 0; ++j) {
      precision_[i * size + j] += loading * prior.loadings[j];
    }
  }
}

void LevelPosterior::find_factors() {
  root_ = Cholesky(precision_, pull_.size());
  factors_ = pull_;
  root_.solve_lower(factors_);
  root_.solve_upper(factors_);
}

// The level by the factors alone.
LevelPosterior::Gaussian LevelPosterior::by_factors(std::size_t kind) const {
  const KindPrior& prior = prior_.kind(kind);
  std::vector<double> root = prior.loadings;
  root_.solve_lower(root);
  Gaussian level{prior.level, prior.own_variance};
  for (std::size_t i = 0; i < root.size(); ++i) {
    level.mean += prior.loadings[i] * factors_[i];
    level.variance += root[i] * root[i];
  }
  return level;
}

// The level by all that is known.
LevelPosterior::Gaussian LevelPosterior::now(std::size_t kind) const {
  const KindPrior& prior = prior_.kind(kind);
  const Site& site = kinds_[kind].site;
  const Gaussian by = by_factors(kind);
  const double precision = 1 / prior.own_variance + site.precision;
  const double own = 1 / (prior.own_variance * precision);  // how much the factors count
  return {by.mean * own + site.shift / precision,
          1 / precision + own * own * (by.variance - prior.own_variance)};
}

double LevelPosterior::level_of(std::size_t kind) const {
  return now(kind).mean;
}

double LevelPosterior::deviation_of(std::size_t kind) const {
  return std::sqrt(now(kind).variance);
}

void LevelPosterior::draw_levels() {
  // few runs teach variances badly: Student's t, with one degree more than there are runs
  const double freedom = 1 + prior_.effective_runs();
  std::gamma_distribution<double> gamma(freedom / 2, 2 / freedom);
  const double wider = 1 / std::sqrt(std::max(1e-3, gamma(random_)));
  std::vector<double> factors(factors_.size());
  for (double& value : factors) {
    value = normal_(random_);
  }
  root_.solve_upper(factors);
  for (std::size_t i = 0; i < factors.size(); ++i) {
    factors[i] = factors_[i] + wider * factors[i];
  }
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
    Kind& own = kinds_[kind];
    const KindPrior& prior = prior_.kind(kind);
    double level = prior.level;
    for (std::size_t i = 0; i < factors.size(); ++i) {
      level += prior.loadings[i] * factors[i];
    }
    const double precision = 1 / prior.own_variance + own.site.precision;
    own.drawn = (level / prior.own_variance + own.site.shift) / precision +
                wider * normal_(random_) / std::sqrt(precision);
    // those that are left are alike among themselves: their mean is off the level
    const double left = std::max(1.0, static_cast<double>(own.left));
    own.drawn +=
        normal_(random_) * own.deviation * std::sqrt((std::min(prior.dependence, left) - 1) / left);
  }
}

// One of the deviations above `past`, all alike; where it already runs longer than any ever did, by
// the tail of the normal distribution.
double LevelPosterior::draw_task(std::size_t task, double past) const {
  const std::uint64_t random = scrambled(kSeed + draws_ * 0x9E3779B97F4A7C15U + task);
  const Kind& own = kinds_[prior_.kind_of(task)];
  const std::vector<double>& quantiles = prior_.kind(prior_.kind_of(task)).quantiles;
  const auto first = std::upper_bound(quantiles.begin(), quantiles.end(), past / own.stretch);
  const auto left = static_cast<std::uint64_t>(quantiles.end() - first);
  if (left == 0) {
    const double over = past / own.deviation;
    return own.deviation *
           std::sqrt(over * over - 2 * std::log(1 - static_cast<double>(random >> 11U) * 0x1p-53));
  }
  // (the high half times the number left: a bounded draw without a division; Lemire 2019)
  const std::uint64_t index = ((random >> 32U) * left) >> 32U;
  return own.stretch * *(first + static_cast<std::ptrdiff_t>(index));
}

void LevelPosterior::draw(std::vector<double>& seconds) {
  ++draws_;
  random_.seed(kSeed + draws_);
  normal_.reset();
  draw_levels();
  for (std::size_t task = 0; task < seconds.size(); ++task) {
    const ReplayTask state = input_.tasks.empty() ? ReplayTask{} : input_.tasks[task];
    if (state.state == ReplayTask::State::done) {
      continue;
    }
    const double level = kinds_[prior_.kind_of(task)].drawn + usual_[task];
    const double so_far = to_seconds(state.running_for).count();
    const bool is_running = so_far > kLeastSecondsToldApart;
    const double past =
        is_running ? log_seconds(so_far) - level : -std::numeric_limits<double>::infinity();
    seconds[task] = std::exp(std::min(level + draw_task(task, past), kMostLogSeconds));
  }
}

}  // namespace headway
