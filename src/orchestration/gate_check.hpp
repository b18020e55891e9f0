// Gates on their own, outside of any run: their commands are run one after the other, their reports
// read and judged. Records nothing.
#pragma once

#include "execution/backend.hpp"
#include "headway/quality.hpp"
#include "headway/result.hpp"
#include "model/workflow.hpp"

#include <string>
#include <vector>

namespace headway {

// What they are run with. All must outlive the call.
struct GateCheckOptions {
  const Lane& lane;                             // asks for what
  const std::vector<std::string>& environment;  // "NAME=value", of this process
  Backend& backend;                             // nothing else runs on it
  const Clock& clock;
  std::string folder;  // where the output of commands goes; there already
};

// What came of them.
struct GateCheck {
  std::vector<GateResult> results;  // by gate, in the order asked for
  int signal = 0;                   // that ended it early; then `results` are not all
};

// `gates`: numbers in Workflow::gates. A report of a gate with a command must be written by it; one
// of a gate without may be of any age. A lane without gates is asked all the same: by name.
GateCheck check_gates(const Workflow& workflow,
                      const std::vector<int>& gates,
                      const GateCheckOptions& options);

}  // namespace headway
