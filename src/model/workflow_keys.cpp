// The table of keys, in the order of docs and schema: see the header.
#include "model/workflow_keys.hpp"

namespace headway {
namespace {

constexpr bool kNotBuilt = false;

constexpr KnownKey kRoot[] = {{"version"},
                              {"name"},
                              {"env"},
                              {"defaults"},
                              {"stages"},
                              {"lanes"},
                              {"secrets"},
                              {"gates"},
                              {"hooks", kNotBuilt},
                              {"commits"}};

constexpr KnownKey kDefaults[] = {{"timeout"}, {"grace"}, {"retries"}};

constexpr KnownKey kStage[] = {{"run"},
                               {"needs"},
                               {"name"},
                               {"description"},
                               {"dir"},
                               {"env"},
                               {"timeout"},
                               {"grace"},
                               {"retries"},
                               {"resources"},
                               {"allow_failure"},
                               {"always"},
                               {"when", kNotBuilt},
                               {"inputs"},
                               {"outputs"},
                               {"interactive", kNotBuilt},
                               {"gates"},
                               {"checkpoint", kNotBuilt},
                               {"side_effects", kNotBuilt},
                               {"keep_background", kNotBuilt},
                               {"jobserver"},
                               {"matrix", kNotBuilt}};

constexpr KnownKey kRetries[] = {{"max"}, {"delay"}, {"backoff"}, {"jitter"}, {"on"}};

constexpr KnownKey kResources[] = {{"cpus"}, {"memory"}, {"locks"}};

constexpr KnownKey kLane[] = {{"description"},
                              {"stages"},
                              {"default"},
                              {"sla"},
                              {"parallel"},
                              {"choose"},
                              {"extends"},
                              {"warn_on_code"},
                              {"gates"}};

constexpr KnownKey kWhen[] = {{"changed", kNotBuilt}, {"env", kNotBuilt}, {"lanes", kNotBuilt}};

constexpr KnownKey kGate[] = {{"report"}, {"format"}, {"run"}, {"metrics"}};

constexpr KnownKey kHook[] = {{"tool", kNotBuilt},
                              {"version", kNotBuilt},
                              {"env", kNotBuilt},
                              {"file", kNotBuilt},
                              {"disk", kNotBuilt},
                              {"memory", kNotBuilt},
                              {"git", kNotBuilt},
                              {"match", kNotBuilt},
                              {"except", kNotBuilt},
                              {"port", kNotBuilt},
                              {"run", kNotBuilt},
                              {"severity", kNotBuilt},
                              {"timeout", kNotBuilt},
                              {"hint", kNotBuilt}};

constexpr KnownKey kCommits[] = {
    {"profile"}, {"types"}, {"issue"}, {"merge"}, {"revert"}, {"fixup"}};

constexpr KnownKey kLaneStages[] = {{"except"}};

constexpr KnownKey kChoose[] = {{"only"}, {"files"}, {"lines"}, {"any"}};

}  // namespace

std::span<const KnownKey> known_keys(KeyScope scope) noexcept {
  switch (scope) {
    case KeyScope::root:
      return kRoot;
    case KeyScope::defaults:
      return kDefaults;
    case KeyScope::stage:
      return kStage;
    case KeyScope::retries:
      return kRetries;
    case KeyScope::resources:
      return kResources;
    case KeyScope::lane:
      return kLane;
    case KeyScope::when:
      return kWhen;
    case KeyScope::gate:
      return kGate;
    case KeyScope::hook:
      return kHook;
    case KeyScope::commits:
      return kCommits;
    case KeyScope::lane_stages:
      return kLaneStages;
    case KeyScope::choose:
      return kChoose;
  }
  return {};
}

}  // namespace headway
