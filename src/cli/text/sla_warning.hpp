// SlaWarning: says once, before it happens, that a run will probably miss its lane's target.
// Decides nothing; prints nothing.
#pragma once

#include "record/run_state.hpp"

#include <string>

namespace headway::cli {

// A line when the chance of missing the target passes 50 %, and another when it passes 80 %. They
// come again only after the chance has been below 30 %. None without a target, without an estimate,
// and once the target is missed.
class SlaWarning {
 public:
  // After every event: the line to tell now, without a newline; mostly empty.
  std::string see(const RunState& state);

 private:
  int told_ = 0;  // thresholds that have been told
};

}  // namespace headway::cli
