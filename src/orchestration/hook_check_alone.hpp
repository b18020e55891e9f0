// Hooks on their own, outside of any run: those of some stages, all beside each other. Records
// nothing.
#pragma once

#include "execution/backend.hpp"
#include "model/run_event.hpp"
#include "model/workflow.hpp"

#include <string>
#include <vector>

namespace headway {

// What they are looked at with. All must outlive the call.
struct HookCheckOptions {
  const std::vector<std::string>& environment;  // "NAME=value", of this process
  Backend& backend;                             // tells signals; nothing runs on it
  const Clock& clock;
};

// What came of them.
struct HooksCheck {
  std::vector<HookChecked> hooks;  // HookChecked::stage is a position in Workflow::stages
  int signal = 0;                  // that ended it early; then `hooks` is empty

  // A stage would not be started.
  bool refuses() const noexcept;
};

// `stages`: positions in Workflow::stages. What commands of hooks have left behind is ended.
HooksCheck check_stage_hooks(const Workflow& workflow,
                             const std::vector<int>& stages,
                             const HookCheckOptions& options);

}  // namespace headway
