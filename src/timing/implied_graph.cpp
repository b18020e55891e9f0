// Needs from starts and ends. The end is start plus duration: the civil clock may have stepped in
// between.
#include "timing/implied_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace headway {

namespace {

constexpr Seconds kExactness{0.001};

struct Span {
  Seconds start{};
  Seconds end{};
  int stage = 0;
};

std::vector<std::vector<int>> chain(const std::vector<Span>& by_start) {
  std::vector<std::vector<int>> needs(by_start.size());
  for (std::size_t i = 1; i < by_start.size(); ++i) {
    needs[static_cast<std::size_t>(by_start[i].stage)] = {by_start[i - 1].stage};
  }
  return needs;
}

}  // namespace

std::vector<std::vector<int>> implied_needs(const std::vector<StageTimingData>& stages,
                                            int workers) {
  std::vector<Span> by_start;
  for (const StageTimingData& stage : stages) {
    const Seconds start = stage.start_time - stages.front().start_time;
    by_start.push_back({start, start + stage.duration, static_cast<int>(by_start.size())});
  }
  std::stable_sort(by_start.begin(), by_start.end(), [](const Span& a, const Span& b) {
    return a.start < b.start;
  });
  if (workers <= 1) {
    return chain(by_start);
  }
  std::vector<Span> by_end = by_start;
  std::stable_sort(
      by_end.begin(), by_end.end(), [](const Span& a, const Span& b) { return a.end < b.end; });
  std::vector<std::size_t> place(stages.size());  // in the order of the starts: needs point back
  for (std::size_t i = 0; i < by_start.size(); ++i) {
    place[static_cast<std::size_t>(by_start[i].stage)] = i;
  }
  std::vector<std::vector<int>> needs(stages.size());
  std::size_t ended = 0;
  Seconds latest_start{-1e18};  // of those that have ended
  for (std::size_t i = 0; i < by_start.size(); ++i) {
    const Span& own = by_start[i];
    for (; ended < by_end.size() && by_end[ended].end <= own.start + kExactness; ++ended) {
      // (only one that took time stands between: what lasts less has no certain place)
      if (by_end[ended].end - by_end[ended].start > kExactness) {
        latest_start = std::max(latest_start, by_end[ended].start);
      }
    }
    std::vector<int>& found = needs[static_cast<std::size_t>(own.stage)];
    for (std::size_t k = ended; k-- > 0 && by_end[k].end > latest_start;) {
      if (place[static_cast<std::size_t>(by_end[k].stage)] < i) {
        found.push_back(by_end[k].stage);
      }
    }
  }
  return needs;
}

}  // namespace headway
