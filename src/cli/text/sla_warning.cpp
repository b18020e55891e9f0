// Two thresholds and a way back. See sla_warning.hpp.
#include "cli/text/sla_warning.hpp"

#include "base/units.hpp"

#include <fmt/format.h>

#include <cmath>

namespace headway::cli {

std::string SlaWarning::see(const RunState& state) {
  constexpr double kLikely = 0.5;
  constexpr double kVeryLikely = 0.8;
  constexpr double kUnlikelyAgain = 0.3;
  const bool is_open = state.start.sla && !state.ended() && state.elapsed < *state.start.sla;
  if (!is_open || !state.estimate || !state.estimate->sla_miss_probability ||
      state.estimate->confidence <= 0) {
    return "";
  }
  const double chance = *state.estimate->sla_miss_probability;
  const int reached = chance >= kVeryLikely ? 2 : chance >= kLikely ? 1 : 0;
  if (chance < kUnlikelyAgain) {
    told_ = 0;
  }
  if (reached <= told_) {
    return "";
  }
  told_ = reached;
  return fmt::format(
      "the SLA of {} will probably be missed ({} %): about {} left, {} to the target",
      format_duration(*state.start.sla),
      std::lround(100 * chance),
      format_duration(state.estimate->expected),
      format_duration(*state.start.sla - state.elapsed));
}

}  // namespace headway::cli
