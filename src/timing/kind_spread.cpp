// Sums over rows, kind by kind. See kind_spread.hpp.
#include "timing/kind_spread.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace headway {
namespace {

constexpr double kUsualDeviation = 0.2;
constexpr double kSingleDeviation = 0.02;
constexpr double kLeastDeviation = 0.01;
// A kind's own degrees of freedom against one of the other kinds.
constexpr double kBorrowedFreedom = 1;
constexpr double kUsualKinds = 2;  // so many kinds are thought to deviate as usual
// Neighbours: how far apart, at least how many in a run, and how many rows say "no dependence".
constexpr std::size_t kFarthestNeighbour = 8;
constexpr std::size_t kFewestInARow = 6;
constexpr double kIndependentRows = 10;
// The same task: what one deviation may say at most, how many keys must repeat, and how many pairs
// say "no agreement".
constexpr double kMostOff = 2.5;
constexpr int kFewestKeys = 3;
constexpr double kDisagreeingPairs = 20;
constexpr double kMostAgreement = 0.98;
constexpr double kLeastAgreement = 0.02;
constexpr std::size_t kFewestForQuantiles = 5;
constexpr std::size_t kFewestQuantiles = 16;
constexpr std::size_t kMostQuantiles = 64;

// The middles of 16 equal shares of the standard normal distribution.
constexpr double kNormalQuantiles[] = {-1.8627,
                                       -1.3180,
                                       -1.0100,
                                       -0.7764,
                                       -0.5791,
                                       -0.4023,
                                       -0.2372,
                                       -0.0784,
                                       0.0784,
                                       0.2372,
                                       0.4023,
                                       0.5791,
                                       0.7764,
                                       1.0100,
                                       1.3180,
                                       1.8627};

// One key of one kind: sums over the runs by how much they count (1 on average).
struct KeySums {
  double weight = 0;
  double weight_squares = 0;
  double off = 0;
  double off_squares = 0;
  double squares = 0;
};
using KeyTable = std::unordered_map<std::string_view, KeySums>;

// How far two runs agree, 0 to 1.
double agreement_of(const KeyTable& keys) {
  double squares = 0;
  double weight = 0;
  double products = 0;
  double pairs = 0;
  int repeated = 0;
  for (const auto& [key, own] : keys) {
    squares += own.squares;
    weight += own.weight;
    const double own_pairs = (own.weight * own.weight - own.weight_squares) / 2;
    if (own_pairs > 1e-6) {
      products += (own.off * own.off - own.off_squares) / 2;
      pairs += own_pairs;
      ++repeated;
    }
  }
  if (repeated < kFewestKeys || squares <= 0) {
    return 0;
  }
  const double agreement = products / ((pairs + kDisagreeingPairs) * squares / weight);
  return agreement < kLeastAgreement ? 0 : std::min(agreement, kMostAgreement);
}

// What n runs are worth that agree so far; below one run, that part of one.
double worth_of(double runs, double agreement) {
  return runs < 1 ? runs * agreement : runs * agreement / (1 + (runs - 1) * agreement);
}

// How much a run counts, 1 on average.
double weight_of(const EarlierRuns& past, std::size_t run) {
  return past.weight(run) * static_cast<double>(past.runs());
}

std::vector<KeyTable> key_tables(const EarlierRuns& past, const std::vector<double>& off) {
  std::vector<KeyTable> tables(past.kinds());
  for (std::size_t i = 0; i < off.size(); ++i) {
    const PastRow& row = past.rows()[i];
    if (past.count(row.run, row.kind) > 1) {
      const double value = std::clamp(off[i], -kMostOff, kMostOff);
      const double weight = weight_of(past, row.run);
      KeySums& sums = tables[row.kind][row.key];
      sums.weight += weight;
      sums.weight_squares += weight * weight;
      sums.off += weight * value;
      sums.off_squares += weight * weight * value * value;
      sums.squares += weight * value * value;
    }
  }
  return tables;
}

// Autocovariances of one row of tasks, summed up over the distances; the mean that was taken off
// biases each by the variance over the length.
double neighbour_sum(const std::vector<double>& row, double variance_sum) {
  const std::size_t size = row.size();
  const std::size_t far = std::min(kFarthestNeighbour, size / 4);
  double sum = 0;
  for (std::size_t apart = 1; apart <= far; ++apart) {
    double products = 0;
    for (std::size_t i = 0; i + apart < size; ++i) {
      products += row[i] * row[i + apart];
    }
    sum += 2 * products * static_cast<double>(size) / static_cast<double>(size - apart);
  }
  return sum + 2 * variance_sum * static_cast<double>(far) / static_cast<double>(size);
}

void learn_dependence(const EarlierRuns& past,
                      const std::vector<double>& off,
                      std::vector<KindSpread>& spreads) {
  std::vector<std::vector<double>> series(past.runs() * past.kinds());
  for (std::size_t i = 0; i < off.size(); ++i) {
    series[past.rows()[i].run * past.kinds() + past.rows()[i].kind].push_back(off[i]);
  }
  for (std::size_t kind = 0; kind < past.kinds(); ++kind) {
    double variance = 0;
    double neighbours = 0;
    double freedom = 0;
    for (std::size_t run = 0; run < past.runs(); ++run) {
      const std::vector<double>& row = series[run * past.kinds() + kind];
      if (row.size() >= kFewestInARow) {
        double sum = 0;
        for (const double value : row) {
          sum += value * value;
        }
        variance += sum;
        neighbours += neighbour_sum(row, sum);
        freedom += static_cast<double>(row.size() - 1);
      }
    }
    if (variance > 0) {
      const double seen = 1 + neighbours / variance;
      spreads[kind].dependence =
          std::max(1.0, (seen * freedom + kIndependentRows) / (freedom + kIndependentRows));
    }
  }
}

// The middle of what the kinds deviate, with some usual ones added.
double borrowed_variance(const std::vector<double>& squares, const std::vector<double>& freedom) {
  std::vector<WeightedValue> seen;
  for (std::size_t kind = 0; kind < squares.size(); ++kind) {
    if (freedom[kind] > 0) {
      seen.push_back({squares[kind] / freedom[kind], 1});
    }
  }
  const double usual = kUsualDeviation * kUsualDeviation;
  const auto count = static_cast<double>(seen.size());
  return count > 0
             ? (weighted_quantile(seen, 0.5) * count + usual * kUsualKinds) / (count + kUsualKinds)
             : usual;
}

// What is luck: the deviations, less what the other runs would have said of the task.
std::vector<double> without_usual(const EarlierRuns& past,
                                  const std::vector<double>& off,
                                  const std::vector<KeyTable>& tables,
                                  const std::vector<double>& agreement) {
  std::vector<double> luck = off;
  for (std::size_t i = 0; i < off.size(); ++i) {
    const PastRow& row = past.rows()[i];
    const auto found = tables[row.kind].find(row.key);
    if (agreement[row.kind] <= 0 || found == tables[row.kind].end()) {
      continue;
    }
    const double own = weight_of(past, row.run);
    const double others = found->second.weight - own;
    if (others > 1e-3) {
      const double sum = found->second.off - own * std::clamp(off[i], -kMostOff, kMostOff);
      luck[i] -= worth_of(others, agreement[row.kind]) * sum / others;
    }
  }
  return luck;
}

void learn_deviations(const EarlierRuns& past,
                      const std::vector<double>& off,
                      std::vector<KindSpread>& spreads) {
  std::vector<double> squares(past.kinds(), 0);
  std::vector<double> freedom(past.kinds(), 0);
  std::vector<std::vector<WeightedValue>> seen(past.kinds());
  for (std::size_t i = 0; i < off.size(); ++i) {
    const PastRow& row = past.rows()[i];
    const double count = past.count(row.run, row.kind);
    const double weight = weight_of(past, row.run);
    squares[row.kind] += weight * off[i] * off[i];
    freedom[row.kind] += weight * (count - 1) / count;
    if (count > 1 && weight > 1e-3) {
      seen[row.kind].push_back({off[i] * std::sqrt(count / (count - 1)), weight});
    }
  }
  const double borrowed = borrowed_variance(squares, freedom);
  for (std::size_t kind = 0; kind < past.kinds(); ++kind) {
    KindSpread& spread = spreads[kind];
    const bool is_single = freedom[kind] <= 0 && past.planned(kind) <= 1;
    spread.freedom = freedom[kind];
    spread.deviation = is_single
                           ? kSingleDeviation
                           : std::max(kLeastDeviation,
                                      std::sqrt((kBorrowedFreedom * borrowed + squares[kind]) /
                                                (kBorrowedFreedom + freedom[kind])));
    spread.quantiles = deviation_quantiles(seen[kind], spread.deviation);
  }
}

}  // namespace

std::vector<double> deviation_quantiles(std::vector<WeightedValue>& seen, double deviation) {
  std::vector<double> found;
  if (seen.size() < kFewestForQuantiles) {
    found.assign(std::begin(kNormalQuantiles), std::end(kNormalQuantiles));
    for (double& value : found) {
      value *= deviation;
    }
    return found;
  }
  std::sort(seen.begin(), seen.end(), [](const WeightedValue& a, const WeightedValue& b) {
    return a.value < b.value;
  });
  double total = 0;
  for (const WeightedValue& one : seen) {
    total += one.weight;
  }
  const std::size_t count = std::clamp(seen.size(), kFewestQuantiles, kMostQuantiles);
  std::size_t at = 0;
  double before = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double wanted = (static_cast<double>(i) + 0.5) / static_cast<double>(count) * total;
    while (at + 1 < seen.size() && before + seen[at].weight < wanted) {
      before += seen[at++].weight;
    }
    found.push_back(seen[at].value);
  }
  return found;
}

std::vector<KindSpread> learn_spreads(const EarlierRuns& past, const std::vector<double>& off) {
  std::vector<KindSpread> spreads(past.kinds());
  learn_dependence(past, off, spreads);
  const std::vector<KeyTable> tables = key_tables(past, off);
  std::vector<double> agreement;
  for (std::size_t kind = 0; kind < past.kinds(); ++kind) {
    agreement.push_back(agreement_of(tables[kind]));
    for (const auto& [key, sums] : tables[kind]) {
      if (agreement[kind] > 0) {
        const double worth = worth_of(sums.weight, agreement[kind]);
        spreads[kind].usual_of_key.emplace(key, worth * sums.off / sums.weight);
      }
    }
  }
  learn_deviations(past, without_usual(past, off, tables, agreement), spreads);
  return spreads;
}

}  // namespace headway
