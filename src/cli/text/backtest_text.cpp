// Medians over the runs. See backtest_text.hpp.
#include "cli/text/backtest_text.hpp"

#include "base/json_writer.hpp"
#include "cli/terminal/text_layout.hpp"
#include "cli/terminal/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

namespace headway::cli {
namespace {

using Results = std::vector<const BacktestResult*>;
using Number = std::function<double(const BacktestResult&)>;

// Linear between the two nearest (Hyndman and Fan 1996, definition 7); 0 of nothing.
double quantile(const Results& results, double share, const Number& number) {
  std::vector<double> values;
  for (const BacktestResult* result : results) {
    values.push_back(number(*result));
  }
  if (values.empty()) {
    return 0;
  }
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

double coverage(const Results& results, std::size_t checkpoint) {
  const auto inside = std::count_if(results.begin(), results.end(), [&](const auto* result) {
    return result->points[checkpoint].is_inside();
  });
  return results.empty() ? 0 : static_cast<double>(inside) / static_cast<double>(results.size());
}

Number error_at(std::size_t checkpoint) {
  return [checkpoint](const BacktestResult& result) { return result.points[checkpoint].error(); };
}

// Of a simple rule, which is what `said` picks out of a point.
Number rule_at(std::size_t checkpoint, double BacktestPoint::*said) {
  return [checkpoint, said](const BacktestResult& result) {
    const BacktestPoint& point = result.points[checkpoint];
    return point.left > 0 ? std::abs(point.*said - point.left) / point.left : 0;
  };
}

double over_bound(const BacktestResult& result) {
  return result.lower_bound > 0 ? result.makespan / result.lower_bound : 1;
}

Results of_jobs(const BacktestReport& report, int jobs, const std::string* family) {
  Results results;
  for (const BacktestGroup& group : report.groups) {
    if (group.jobs == jobs && (family == nullptr || group.family == *family)) {
      for (const BacktestResult& result : group.results) {
        results.push_back(&result);
      }
    }
  }
  return results;
}

std::vector<std::string> families_of(const BacktestReport& report) {
  std::vector<std::string> families;
  for (const BacktestGroup& group : report.groups) {
    if (families.empty() || families.back() != group.family) {
      families.push_back(group.family);
    }
  }
  return families;
}

double rounded(double value) {
  constexpr double kDigits = 1e4;
  return std::round(value * kDigits) / kDigits;
}

void write_jobs(JsonWriter& json, const BacktestReport& report, const std::string* family) {
  json.key("jobs").begin_array();
  for (const int jobs : report.jobs) {
    const Results results = of_jobs(report, jobs, family);
    json.begin_object().field("jobs", jobs).field("runs", static_cast<int>(results.size()));
    json.key("checkpoints").begin_array();
    for (std::size_t i = 0; i < kCheckpoints.size() && !results.empty(); ++i) {
      json.begin_object().field("at", kCheckpoints[i]);
      json.field("median_error", rounded(quantile(results, 0.5, error_at(i))));
      json.field("p90_error", rounded(quantile(results, 0.9, error_at(i))));
      json.field("interval_coverage", rounded(coverage(results, i)));
      json.field("ninja_median_error",
                 rounded(quantile(results, 0.5, rule_at(i, &BacktestPoint::by_ninja))));
      json.field("means_median_error",
                 rounded(quantile(results, 0.5, rule_at(i, &BacktestPoint::by_means))));
      json.end_object();
    }
    json.end_array().key("makespan_over_lower_bound_median");
    results.empty() ? json.null() : json.number(rounded(quantile(results, 0.5, over_bound)));
    json.key("makespan_over_lower_bound_max");
    results.empty() ? json.null() : json.number(rounded(quantile(results, 1, over_bound)));
    json.end_object();
  }
  json.end_array();
}

// One line: the family, how many runs, and a number a checkpoint.
void add_line(TextTable& table,
              const std::string& name,
              const Results& results,
              const std::function<Number(std::size_t)>& rule) {
  std::vector<Cell> cells{{name}, {std::to_string(results.size()), Tone::dim}};
  for (std::size_t i = 0; i < kCheckpoints.size(); ++i) {
    cells.push_back({fmt::format("{:.2f}", quantile(results, 0.5, rule(i)))});
  }
  table.add(std::move(cells));
}

double mean_coverage(const Results& results) {
  double sum = 0;
  for (std::size_t i = 0; i < kCheckpoints.size(); ++i) {
    sum += coverage(results, i) / kCheckpoints.size();
  }
  return sum;
}

std::string table_of(const BacktestReport& report, int jobs, const Paint& paint, int width) {
  TextTable table({"*", ">RUNS", ">AT 10 %", ">25 %", ">50 %", ">75 %", ">INSIDE"});
  const auto add = [&table](const std::string& name, const Results& results, Tone tone) {
    std::vector<Cell> cells{{name, tone}, {std::to_string(results.size()), Tone::dim}};
    for (std::size_t i = 0; i < kCheckpoints.size(); ++i) {
      cells.push_back({fmt::format("{:.2f}", quantile(results, 0.5, error_at(i))), tone});
    }
    cells.push_back({fmt::format("{:.0f} %", 100 * mean_coverage(results))});
    table.add(std::move(cells));
  };
  for (const std::string& family : families_of(report)) {
    if (const Results results = of_jobs(report, jobs, &family); !results.empty()) {
      add(family, results, Tone::normal);
    }
  }
  const Results all = of_jobs(report, jobs, nullptr);
  if (families_of(report).size() > 1) {
    add("all", all, Tone::strong);
  }
  add_line(table, "Ninja's rule", all, [](std::size_t i) {
    return rule_at(i, &BacktestPoint::by_ninja);
  });
  add_line(table, "sum of means / jobs", all, [](std::size_t i) {
    return rule_at(i, &BacktestPoint::by_means);
  });
  return table.render(paint, width, 2) +
         fmt::format("  makespan over the lower bound: {:.2f} (median), {:.2f} (most)\n",
                     quantile(all, 0.5, over_bound),
                     quantile(all, 1, over_bound));
}

}  // namespace

std::string backtest_document(const BacktestReport& report, const SecretSet& secrets) {
  std::string text;
  JsonWriter json(text, &secrets);
  json.begin_object().field("format", 1);
  write_jobs(json, report, nullptr);
  json.key("families").begin_array();
  for (const std::string& family : families_of(report)) {
    json.begin_object().field("family", family);
    write_jobs(json, report, &family);
    json.end_object();
  }
  json.end_array().key("skipped").begin_array();
  for (const auto& [name, reason] : report.skipped) {
    json.begin_object().field("name", name).field("reason", reason).end_object();
  }
  json.end_array().end_object();
  return text;
}

std::string backtest_text(const BacktestReport& report, const Paint& paint, int width) {
  const bool is_any =
      std::any_of(report.groups.begin(), report.groups.end(), [](const BacktestGroup& group) {
        return !group.results.empty();
      });
  if (!is_any) {
    return "no run to judge: it takes two runs of the same work, one to learn from\n";
  }
  std::string text =
      "median of |said - true| / true of the time left, at shares of the run; inside: how often "
      "the\n"
      "10-90 % interval held (80 % is right)\n";
  for (const int jobs : report.jobs) {
    text += "\n" + paint(Tone::strong, fmt::format("{} jobs", jobs)) + "\n" +
            table_of(report, jobs, paint, width);
  }
  return text;
}

}  // namespace headway::cli
