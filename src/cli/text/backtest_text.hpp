// How good estimates were, as a table for people and as JSON. Pure; knows no files.
#pragma once

#include "base/secrets.hpp"
#include "cli/terminal/paint.hpp"
#include "timing/backtest.hpp"

#include <string>
#include <utility>
#include <vector>

namespace headway::cli {

// One family on so many jobs.
struct BacktestGroup {
  std::string family;
  int jobs = 1;
  std::vector<BacktestResult> results;
};

// All that was asked for.
struct BacktestReport {
  std::vector<int> jobs;                                     // ascending, each once
  std::vector<BacktestGroup> groups;                         // by family, then jobs
  std::vector<std::pair<std::string, std::string>> skipped;  // file or run, and why
};

// The document of `backtest --json`.
std::string backtest_document(const BacktestReport& report, const SecretSet& secrets);
// The same for people, with Ninja's rule and the sum of means beside it. `width` 0: no limit.
std::string backtest_text(const BacktestReport& report, const Paint& paint, int width);

}  // namespace headway::cli
