// The lane of a change and why, for people and as JSON. Decides nothing.
#pragma once

#include "base/secrets.hpp"
#include "cli/terminal/paint.hpp"
#include "headway/lanes.hpp"
#include "model/run_event.hpp"

#include <string>
#include <vector>

namespace headway::cli {

// What is told of a lane.
struct LaneView {
  Change change;
  LaneDecision decision;
  std::string warning;      // code in a lane that is not meant for it; or empty
  bool is_verbose = false;  // with every file
};

std::string lane_text(const LaneView& view, const Paint& paint, int width);
// The document of `lane --json`.
std::string lane_document(const LaneView& view, const SecretSet& secrets);

// "2 of 2 files are documents; since 1a2b3c4d5e, the merge base with origin/main": why a run takes
// its lane.
std::string lane_reason(const ChangeFacts& facts);

}  // namespace headway::cli
