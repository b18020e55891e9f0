// Sums over what is done and what is left. See ninja_rule.hpp.
#include "timing/ninja_rule.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace headway {

double ninja_time_left(const RecordedRun& run,
                       const ReplayInput& seen,
                       std::span<const PastDuration> past,
                       Nanos now) {
  constexpr double kFewestSeconds = 15;
  constexpr double kFewestShare = 0.05;
  constexpr double kMostRatio = 10;
  std::unordered_map<std::string_view, double> last_time;  // (runs come oldest first)
  for (const PastDuration& one : past) {
    last_time[one.key] = one.seconds;
  }
  double done = 0;
  double finished = 0;
  double known = 0;
  double known_left = 0;
  double known_count = 0;
  double known_left_count = 0;
  for (std::size_t task = 0; task < run.tasks.size(); ++task) {
    const bool is_done = seen.tasks[task].state == ReplayTask::State::done;
    const auto before = last_time.find(run.tasks[task].key);
    if (is_done) {
      finished += 1;
      done += run.tasks[task].seconds;
    }
    if (before != last_time.end()) {
      known += before->second;
      known_count += 1;
      known_left += is_done ? 0 : before->second;
      known_left_count += is_done ? 0 : 1;
    }
  }
  const double elapsed = to_seconds(now).count();
  const auto all = static_cast<double>(run.tasks.size());
  bool use_last = known_left_count > 0 && known_left > 0;
  if (use_last && finished > 0 && elapsed >= kFewestSeconds && finished / all >= kFewestShare) {
    const double now_average = done / finished;
    const double last_average = known / known_count;
    use_last = std::max(now_average, last_average) <
               kMostRatio * std::max(1e-9, std::min(now_average, last_average));
  }
  const double timed = finished + (use_last ? known_left_count : 0);
  if (timed <= 0 || done <= 0) {
    return 0;
  }
  const double average = (done + (use_last ? known_left : 0)) / timed;
  const double left = average * (all - timed) + (use_last ? known_left : 0);
  return elapsed * left / done;
}

}  // namespace headway
