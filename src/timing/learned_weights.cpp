// Two shrinkages, each by its own reliability. All logarithms are natural.
#include "timing/learned_weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <unordered_map>

namespace headway {
namespace {

constexpr double kLeastSeconds = 1e-6;
constexpr double kLeastFactor = 0.1;
// With fewer keys than this in two runs, whether runs agree on keys cannot be told.
constexpr int kLeastKeys = 3;
// How far one run's mean of a group is off, where no second run tells: standard deviation of the
// logarithm. Half as long again is nothing unusual.
constexpr double kUsualSpread = 0.4;

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

// One execution while learning; runs by number from 0.
struct Row {
  const PastDuration* past = nullptr;
  std::size_t run = 0;
};
using Rows = std::span<const Row>;

// By group, then key.
std::vector<Row> sorted_rows(std::span<const PastDuration> past, std::size_t& runs) {
  std::vector<Row> rows;
  rows.reserve(past.size());
  std::unordered_map<std::int64_t, std::size_t> numbers;
  for (const PastDuration& one : past) {
    if (one.seconds > 0 && std::isfinite(one.seconds)) {
      rows.push_back({&one, numbers.emplace(one.run, numbers.size()).first->second});
    }
  }
  const auto before = [](const Row& a, const Row& b) {
    const int order = a.past->group.compare(b.past->group);
    return order != 0 ? order < 0 : a.past->key < b.past->key;
  };
  if (!std::is_sorted(rows.begin(), rows.end(), before)) {  // (a history comes sorted)
    std::stable_sort(rows.begin(), rows.end(), before);
  }
  runs = numbers.size();
  return rows;
}

// The rows from `rows` on that are alike in `same`; they are taken off.
template <typename Same>
Rows take_alike(Rows& rows, Same same) {
  std::size_t count = 1;
  while (count < rows.size() && same(*rows[0].past, *rows[count].past)) {
    ++count;
  }
  const Rows taken = rows.first(count);
  rows = rows.subspan(count);
  return taken;
}

// Means of one group by run; 0 where it was not in that run. Kept between groups.
struct RunMeans {
  explicit RunMeans(std::size_t runs) : mean(runs, 0), count_(runs, 0) {}

  void find(Rows rows) {
    std::fill(mean.begin(), mean.end(), 0);
    std::fill(count_.begin(), count_.end(), 0);
    for (const Row& row : rows) {
      mean[row.run] += row.past->seconds;
      count_[row.run] += 1;
    }
    for (std::size_t run = 0; run < mean.size(); ++run) {
      mean[run] /= std::max(count_[run], 1.0);
    }
  }
  std::vector<double> mean;

 private:
  std::vector<double> count_;
};

// How far one group stands above the middle of its runs, and over how many runs.
struct Level {
  double mean = 0;
  double squares = 0;  // of the runs' distances from that mean, summed up
  double runs = 0;
};

// Runs differ in size as a whole: levels are measured from each run's own middle.
std::vector<Level> levels_of(const std::vector<Rows>& groups, std::size_t runs) {
  std::vector<double> middle(runs, 0);
  std::vector<double> members(runs, 0);
  std::vector<std::pair<std::size_t, double>> logs;  // run and level, group after group
  std::vector<std::size_t> ends;
  RunMeans means(runs);
  for (const Rows rows : groups) {
    means.find(rows);
    for (std::size_t run = 0; run < runs; ++run) {
      if (means.mean[run] > 0) {
        logs.emplace_back(run, std::log(std::max(means.mean[run], kLeastSeconds)));
        middle[run] += logs.back().second;
        members[run] += 1;
      }
    }
    ends.push_back(logs.size());
  }
  std::vector<Level> levels;
  std::size_t at = 0;
  for (const std::size_t end : ends) {
    std::vector<double> values;
    for (; at < end; ++at) {
      const auto [run, level] = logs[at];
      values.push_back(level - middle[run] / members[run]);
    }
    Level level{mean_of(values), 0, static_cast<double>(values.size())};
    for (const double value : values) {
      level.squares += (value - level.mean) * (value - level.mean);
    }
    levels.push_back(level);
  }
  return levels;
}

// Variances of the levels: between two runs of one group, and between groups beyond that.
struct Spread {
  double within = 0;
  double between = 0;
};

Spread spread_of(const std::vector<Level>& levels) {
  double squares = 0;
  double freedom = 0;
  double shares = 0;
  std::vector<double> means;
  for (const Level& level : levels) {
    squares += level.squares;
    freedom += level.runs - 1;
    shares += 1 / level.runs;
    means.push_back(level.mean);
  }
  Spread spread;
  spread.within = freedom > 0 ? squares / freedom : kUsualSpread * kUsualSpread;
  const double middle = mean_of(means);
  double total = 0;
  for (const double mean : means) {
    total += (mean - middle) * (mean - middle);
  }
  const auto count = static_cast<double>(means.size());
  if (count > 1) {
    spread.between = std::max(0.0, total / (count - 1) - spread.within * shares / count);
  }
  return spread;
}

double mean_seconds(Rows rows) {
  double sum = 0;
  for (const Row& row : rows) {
    sum += row.past->seconds;
  }
  return std::max(sum / static_cast<double>(rows.size()), kLeastSeconds);
}

// What one task is of its group's mean, less 1: the sum over its executions, and of the squares.
struct Deviation {
  std::string_view key;
  double sum = 0;
  double squares = 0;
  double count = 0;
};

std::vector<Deviation> deviations_of(Rows rows, const RunMeans& means) {
  std::vector<Deviation> found;
  while (!rows.empty()) {
    const Rows own = take_alike(
        rows, [](const PastDuration& a, const PastDuration& b) { return a.key == b.key; });
    Deviation deviation{own[0].past->key, 0, 0, static_cast<double>(own.size())};
    for (const Row& row : own) {
      const double off = row.past->seconds / means.mean[row.run] - 1;
      deviation.sum += off;
      deviation.squares += off * off;
    }
    found.push_back(deviation);
  }
  return found;
}

// How far two runs agree on what a task is of its group, 0 to 1: the mean product of two runs'
// deviations over the mean square of one (their correlation).
double agreement_of(const std::vector<Deviation>& deviations) {
  double squares = 0;
  double count = 0;
  double products = 0;
  int pairs = 0;
  for (const Deviation& own : deviations) {
    squares += own.squares;
    count += own.count;
    if (own.count > 1) {
      products += (own.sum * own.sum - own.squares) / (own.count * (own.count - 1));
      ++pairs;
    }
  }
  return pairs >= kLeastKeys && squares > 0
             ? std::clamp(products / pairs / (squares / count), 0.0, 1.0)
             : 0;
}

// n runs together are worth n r / (1 + (n - 1) r) (Spearman and Brown 1910).
std::vector<std::pair<std::string, double>> factors_of(const std::vector<Deviation>& deviations) {
  const double agreement = agreement_of(deviations);
  std::vector<std::pair<std::string, double>> factors;
  for (const Deviation& own : deviations) {
    const double worth = own.count * agreement / (1 + (own.count - 1) * agreement);
    factors.emplace_back(own.key, std::max(kLeastFactor, 1 + worth * own.sum / own.count));
  }
  return factors;
}

}  // namespace

std::string_view stage_group(std::string_view key) {
  const std::size_t bracket = key.find('[');
  return bracket == std::string_view::npos || bracket == 0 ? key : key.substr(0, bracket);
}

std::vector<PastDuration> past_durations(
    const std::vector<std::pair<std::string, std::vector<StageSample>>>& history) {
  std::size_t count = 0;
  for (const auto& [key, samples] : history) {
    count += samples.size();
  }
  std::vector<PastDuration> past;
  past.reserve(count);
  for (const auto& [key, samples] : history) {
    for (const StageSample& sample : samples) {
      if (sample.status == StageStatus::completed) {
        past.push_back({key, stage_group(key), sample.run, sample.duration.count()});
      }
    }
  }
  return past;
}

LearnedWeights::LearnedWeights(std::span<const PastDuration> past) {
  std::size_t runs = 0;
  const std::vector<Row> rows = sorted_rows(past, runs);
  std::vector<Rows> groups;
  for (Rows left = rows; !left.empty();) {
    groups.push_back(take_alike(
        left, [](const PastDuration& a, const PastDuration& b) { return a.group == b.group; }));
  }
  if (groups.empty()) {
    return;
  }
  const std::vector<Level> levels = levels_of(groups, runs);
  const Spread spread = spread_of(levels);
  double middle = 0;  // log of the typical group
  for (const Rows group : groups) {
    middle += std::log(mean_seconds(group)) / static_cast<double>(groups.size());
  }
  unknown_ = std::exp(middle);
  RunMeans means(runs);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const double noise = spread.within / levels[i].runs;
    const double sum = spread.between + noise;
    const double trust = sum > 0 ? spread.between / sum : 1;
    Group group{std::string(groups[i][0].past->group),
                std::exp(middle + trust * (std::log(mean_seconds(groups[i])) - middle)),
                {}};
    if (groups[i].front().past->key != groups[i].back().past->key) {
      means.find(groups[i]);
      group.factors = factors_of(deviations_of(groups[i], means));
    }
    groups_.push_back(std::move(group));
  }
}

double LearnedWeights::of(std::string_view key, std::string_view group) const {
  const auto found = std::lower_bound(
      groups_.begin(), groups_.end(), group, [](const Group& a, std::string_view name) {
        return a.name < name;
      });
  if (found == groups_.end() || found->name != group) {
    return unknown_;
  }
  const auto factor = std::lower_bound(
      found->factors.begin(), found->factors.end(), key, [](const auto& a, std::string_view name) {
        return a.first < name;
      });
  const bool is_known = factor != found->factors.end() && factor->first == key;
  return std::max(found->seconds * (is_known ? factor->second : 1), kLeastSeconds);
}

}  // namespace headway
