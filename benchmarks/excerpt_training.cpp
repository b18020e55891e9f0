// Grows the trees of src/diagnostics/excerpt_model_table.inc from labelled logs, and says how good
// such trees are on logs of repositories that they have not seen
// (docs/design/failure-extraction.md). Not a benchmark of speed.
//
// usage: excerpt_training FOLDER [TABLE]: FOLDER holds labels.jsonl and logs/ as
// failure-logs/score.py reads them; TABLE is the file to write. Without a folder nothing is done.
#include "base/files.hpp"
#include "base/json.hpp"
#include "diagnostics/boosted_trees.hpp"
#include "diagnostics/excerpt_choice.hpp"
#include "diagnostics/line_features.hpp"
#include "diagnostics/log_digest.hpp"
#include "diagnostics/log_scanner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace headway {
namespace {

// Chosen by cross-validation: see the design note.
constexpr double kTargetExponent = 0.5;
constexpr int kBudget = 30;
constexpr int kTrees = 80, kDepth = 5, kFolds = 6;
constexpr double kRate = 0.1, kLambda = 5, kLeastWeight = 2, kFeatureShare = 0.4, kRowShare = 0.8;
constexpr std::size_t kMarkedLines = 100, kOtherLines = 150;  // samples of one log, of each sort
constexpr double kMarkedWeight = 30, kOtherWeight = 100;      // of all of them together, at most
constexpr std::size_t kTierFeature = 33;                      // how bad a line looks by itself
constexpr int kBadTier = 5;

struct LabelledLog {
  std::string name, repository;
  std::vector<std::pair<std::size_t, std::size_t>> chunks;  // 1-based, both ends
  std::vector<std::size_t> numbers;                         // of the lines that may be shown
  std::vector<FeatureRow> rows;
  std::vector<float> priors;
};

struct Sample {
  const FeatureRow* row = nullptr;
  double target = 0, weight = 0;
  double sum = 0, gradient = 0, hessian = 0;
  bool drawn = true;  // for the tree that grows
  std::uint16_t node = 0;
};

struct GrownTrees {
  std::vector<TreeNode> nodes;
  std::vector<std::uint16_t> roots;
  float bias = 0;
  BoostedTrees view() const { return {.nodes = nodes, .roots = roots, .bias = bias}; }
};

// What showing the line brings: 0 outside of every marked part.
double target_of(const LabelledLog& log, std::size_t number) {
  double target = 0;
  for (const auto& [first, last] : log.chunks) {
    if (number >= first && number <= last) {
      const auto length = static_cast<double>(std::min<std::size_t>(kBudget, last - first + 1));
      target = std::max(target, std::pow(length, -kTargetExponent));
    }
  }
  return target;
}

bool read_log(const std::string& path, LabelledLog& log) {
  const auto bytes = read_file(path);
  if (!bytes) {
    return false;
  }
  LogDigest digest;
  LogScanner scanner;
  const auto take = [&](const LogLine& line, const RawRange& raw) { digest.add(line, raw); };
  scanner.feed(*bytes, take);
  scanner.finish(take);
  const std::vector<LineRecord> records = digest.take_records();
  const LineFeatures features(records, digest.kinds(), digest.lines());
  for (std::size_t at = 0; at < records.size(); ++at) {
    if (features.is_candidate(at)) {
      log.numbers.push_back(records[at].number);
      log.rows.push_back(features.of(at));
      log.priors.push_back(features.prior(at));
    }
  }
  return true;
}

std::vector<LabelledLog> read_logs(const std::string& folder) {
  std::vector<LabelledLog> logs;
  const auto labels = read_file(folder + "/labels.jsonl");
  std::string_view rest = labels ? std::string_view(*labels) : std::string_view();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const auto label = Json::parse(rest.substr(0, end));
    rest.remove_prefix(std::min(rest.size(), end + 1));
    if (!label) {
      continue;
    }
    LabelledLog log{.name = std::string((*label)["log"].as_string()),
                    .repository = std::string((*label)["repo"].as_string()),
                    .chunks = {},
                    .numbers = {},
                    .rows = {},
                    .priors = {}};
    for (const Json& chunk : (*label)["chunks"].items()) {
      log.chunks.emplace_back(chunk.items()[0].as_integer(), chunk.items()[1].as_integer());
    }
    if (read_log(folder + "/logs/" + log.name, log)) {
      logs.push_back(std::move(log));
    }
  }
  return logs;
}

void add_samples(const LabelledLog& log,
                 std::vector<std::size_t> lines,
                 std::size_t most,
                 double weight,
                 std::vector<Sample>& to) {
  const double whole = std::min(weight, static_cast<double>(lines.size()));
  lines.resize(std::min(most, lines.size()));
  for (const std::size_t line : lines) {
    to.push_back({.row = &log.rows[line],
                  .target = target_of(log, log.numbers[line]),
                  .weight = whole / static_cast<double>(lines.size())});
  }
}

// Of every log as many marked lines, bad-looking others and plain others.
std::vector<Sample> samples_of(const std::vector<const LabelledLog*>& logs) {
  std::mt19937 random(1);
  std::vector<Sample> samples;
  for (const LabelledLog* log : logs) {
    std::array<std::vector<std::size_t>, 3> sorts;
    for (std::size_t line = 0; line < log->rows.size(); ++line) {
      const bool bad = log->rows[line][kTierFeature] >= kBadTier;
      sorts[target_of(*log, log->numbers[line]) > 0 ? 0 : bad ? 1 : 2].push_back(line);
    }
    for (std::size_t sort = 0; sort < sorts.size(); ++sort) {
      std::shuffle(sorts[sort].begin(), sorts[sort].end(), random);
      add_samples(*log,
                  sorts[sort],
                  sort == 0 ? kMarkedLines : kOtherLines,
                  sort == 0 ? kMarkedWeight : kOtherWeight,
                  samples);
    }
  }
  return samples;
}

struct Split {
  int feature = -1, threshold = 0;
  double gain = 1e-3;
};

// Sums of gradient and hessian by value of a feature.
using Histogram = std::array<std::pair<double, double>, 256>;

double score(double gradient, double hessian) {
  return gradient * gradient / (hessian + kLambda);
}

void try_feature(int feature, const std::vector<const Sample*>& rows, Split& best) {
  Histogram histogram{};
  double gradient = 0, hessian = 0;
  for (const Sample* sample : rows) {
    auto& [g, h] = histogram[(*sample->row)[static_cast<std::size_t>(feature)]];
    g += sample->gradient;
    h += sample->hessian;
    gradient += sample->gradient;
    hessian += sample->hessian;
  }
  double left_gradient = 0, left_hessian = 0;
  for (int value = 0; value < 255; ++value) {
    const auto& [g, h] = histogram[static_cast<std::size_t>(value)];
    left_gradient += g;
    left_hessian += h;
    if (h == 0 || left_hessian < kLeastWeight || hessian - left_hessian < kLeastWeight) {
      continue;
    }
    const double gain = score(left_gradient, left_hessian) +
                        score(gradient - left_gradient, hessian - left_hessian) -
                        score(gradient, hessian);
    if (gain > best.gain) {
      best = {.feature = feature, .threshold = value, .gain = gain};
    }
  }
}

// Grows the node and all below it.
void grow(GrownTrees& trees,
          std::uint16_t node,
          const std::vector<const Sample*>& rows,
          const std::vector<int>& features,
          int depth) {
  Split best;
  for (const int feature : depth > 0 ? features : std::vector<int>{}) {
    try_feature(feature, rows, best);
  }
  if (best.feature < 0) {
    double gradient = 0, hessian = 0;
    for (const Sample* sample : rows) {
      gradient += sample->gradient;
      hessian += sample->hessian;
    }
    trees.nodes[node].value = static_cast<float>(kRate * gradient / (hessian + kLambda));
    return;
  }
  const auto left = static_cast<std::uint16_t>(trees.nodes.size());
  trees.nodes[node] = {.feature = static_cast<std::uint8_t>(best.feature),
                       .threshold = static_cast<std::uint8_t>(best.threshold),
                       .left = left,
                       .value = 0};
  trees.nodes.resize(trees.nodes.size() + 2,
                     {.feature = kLeaf, .threshold = 0, .left = 0, .value = 0});
  std::array<std::vector<const Sample*>, 2> sides;
  for (const Sample* sample : rows) {
    const int value = (*sample->row)[static_cast<std::size_t>(best.feature)];
    sides[value > best.threshold ? 1 : 0].push_back(sample);
  }
  grow(trees, left, sides[0], features, depth - 1);
  grow(trees, static_cast<std::uint16_t>(left + 1), sides[1], features, depth - 1);
}

GrownTrees train(std::vector<Sample> samples) {
  GrownTrees trees;
  std::mt19937 random(1);
  std::uniform_real_distribution<double> any(0, 1);
  double weight = 0, marked = 0;
  for (const Sample& sample : samples) {
    weight += sample.weight;
    marked += sample.weight * sample.target;
  }
  trees.bias = static_cast<float>(std::log(marked / (weight - marked)));
  for (Sample& sample : samples) {
    sample.sum = trees.bias;
  }
  for (int tree = 0; tree < kTrees; ++tree) {
    std::vector<const Sample*> rows;
    for (Sample& sample : samples) {
      const double probability = 1 / (1 + std::exp(-sample.sum));
      sample.gradient = sample.weight * (sample.target - probability);
      sample.hessian = sample.weight * std::max(probability * (1 - probability), 1e-4);
      if (any(random) < kRowShare) {
        rows.push_back(&sample);
      }
    }
    std::vector<int> features;
    for (int feature = 0; feature < kLineFeatures; ++feature) {
      if (any(random) < kFeatureShare) {
        features.push_back(feature);
      }
    }
    const auto root = static_cast<std::uint16_t>(trees.nodes.size());
    trees.roots.push_back(root);
    trees.nodes.push_back({.feature = kLeaf, .threshold = 0, .left = 0, .value = 0});
    grow(trees, root, rows, features, kDepth);
    const BoostedTrees newest{
        .nodes = trees.nodes, .roots = std::span(&trees.roots.back(), 1), .bias = 0};
    for (Sample& sample : samples) {
      sample.sum += newest.sum(*sample.row);
    }
  }
  return trees;
}

// Hit and recall of a log, as failure-logs/score.py counts them.
std::pair<double, double> judge(const LabelledLog& log, const BoostedTrees& trees) {
  std::vector<LineGain> gains;
  for (std::size_t line = 0; line < log.rows.size(); ++line) {
    gains.push_back(
        {.number = log.numbers[line], .gain = trees.probability(log.rows[line], log.priors[line])});
  }
  double best = 0;
  const std::vector<LineBlock> blocks = choose_blocks(gains, kBudget);
  for (const auto& [first, last] : log.chunks) {
    std::size_t shown = 0;
    for (const LineBlock& block : blocks) {
      const std::size_t from = std::max(first, block.first), until = std::min(last, block.last);
      shown += from <= until ? until - from + 1 : 0;
    }
    best = std::max(best, static_cast<double>(shown) / static_cast<double>(last - first + 1));
  }
  return {best > 0 ? 1.0 : 0.0, best};
}

// Every repository is judged by trees that have not seen it.
void cross_validate(const std::vector<LabelledLog>& logs, unsigned seed) {
  std::vector<std::string> repositories;
  for (const LabelledLog& log : logs) {
    if (repositories.empty() || repositories.back() != log.repository) {
      repositories.push_back(log.repository);
    }
  }
  std::mt19937 random(seed);
  std::shuffle(repositories.begin(), repositories.end(), random);
  std::map<std::string, int> fold;
  for (std::size_t at = 0; at < repositories.size(); ++at) {
    fold[repositories[at]] = static_cast<int>(at) % kFolds;
  }
  double hits = 0, recalls = 0;
  for (int held_out = 0; held_out < kFolds; ++held_out) {
    std::vector<const LabelledLog*> others;
    for (const LabelledLog& log : logs) {
      if (fold[log.repository] != held_out) {
        others.push_back(&log);
      }
    }
    const GrownTrees trees = train(samples_of(others));
    for (const LabelledLog& log : logs) {
      if (fold[log.repository] == held_out) {
        const auto [hit, recall] = judge(log, trees.view());
        hits += hit;
        recalls += recall;
      }
    }
  }
  const auto count = static_cast<double>(logs.size());
  fmt::print("split {}: on repositories not seen: hit {:.3f}, recall {:.3f}\n",
             seed,
             hits / count,
             recalls / count);
  std::fflush(stdout);
}

std::string wrapped(const std::vector<std::string>& items) {
  std::string text;
  std::size_t column = 0;
  for (const std::string& item : items) {
    if (column + item.size() > 98) {
      text += '\n';
      column = 0;
    }
    text += item;
    column += item.size();
  }
  return text;
}

std::string table_of(const GrownTrees& trees) {
  std::vector<std::string> nodes, roots;
  for (const TreeNode& node : trees.nodes) {
    nodes.push_back(node.feature == kLeaf
                        ? fmt::format("{{255,0,0,{:.3e}F}},", node.value)
                        : fmt::format("{{{},{},{},0}},", node.feature, node.threshold, node.left));
  }
  for (const std::uint16_t root : trees.roots) {
    roots.push_back(fmt::format("{},", root));
  }
  return fmt::format(
      "// Made by benchmarks/excerpt_training.cpp: {} trees over {} features. Knows not what they "
      "mean.\n"
      "constexpr float kBias = {:.6f}F;\nconstexpr TreeNode kNodes[] = {{\n{}\n}};\n"
      "constexpr std::uint16_t kRoots[] = {{\n{}\n}};\n",
      trees.roots.size(),
      kLineFeatures,
      trees.bias,
      wrapped(nodes),
      wrapped(roots));
}

int run(int count, char** words) {
  if (count < 2) {
    fmt::print("nothing to do: usage: excerpt_training FOLDER [TABLE]\n");
    return 0;
  }
  const std::vector<LabelledLog> logs = read_logs(words[1]);
  if (logs.empty()) {
    fmt::print("no labelled logs in {}\n", words[1]);
    return 1;
  }
  for (const unsigned seed : {7U, 1U, 2U}) {
    cross_validate(logs, seed);
  }
  if (count > 2) {
    std::vector<const LabelledLog*> all;
    for (const LabelledLog& log : logs) {
      all.push_back(&log);
    }
    const auto written =
        write_file_atomically(words[2], table_of(train(samples_of(all))), Durability::process);
    return written ? 0 : 1;
  }
  return 0;
}

}  // namespace
}  // namespace headway

int main(int count, char** words) {
  return headway::run(count, words);
}
