// The table of keys, in the order of docs and schema: see the header.
#include "model/workflow_keys.hpp"

namespace headway {
namespace {

constexpr KnownKey kRoot[] = {{"version"},
                              {"name"},
                              {"env"},
                              {"defaults"},
                              {"stages"},
                              {"lanes"},
                              {"secrets"},
                              {"gates"},
                              {"hooks"},
                              {"commits"}};

constexpr KnownKey kDefaults[] = {{"timeout"}, {"grace"}, {"retries"}};

constexpr KnownKey kStage[] = {
    {"run"},           {"needs"},   {"name"},       {"description"},  {"dir"},
    {"env"},           {"timeout"}, {"grace"},      {"retries"},      {"resources"},
    {"allow_failure"}, {"always"},  {"when"},       {"inputs"},       {"outputs"},
    {"interactive"},   {"gates"},   {"checkpoint"}, {"side_effects"}, {"keep_background"},
    {"jobserver"},     {"matrix"}};

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

constexpr KnownKey kWhen[] = {{"changed"}, {"env"}, {"lanes"}};

constexpr KnownKey kGate[] = {{"report"}, {"format"}, {"run"}, {"metrics"}};

constexpr KnownKey kHook[] = {{"tool"},
                              {"version"},
                              {"env"},
                              {"file"},
                              {"disk"},
                              {"memory"},
                              {"git"},
                              {"match"},
                              {"except"},
                              {"port"},
                              {"run"},
                              {"severity"},
                              {"timeout"},
                              {"hint"}};

constexpr KnownKey kCommits[] = {
    {"profile"}, {"types"}, {"issue"}, {"merge"}, {"revert"}, {"fixup"}};

constexpr KnownKey kLaneStages[] = {{"except"}};

constexpr KnownKey kChoose[] = {{"only"}, {"files"}, {"lines"}, {"any"}, {"except"}};

constexpr KnownKey kSettings[] = {{"jobs"}, {"output"}, {"color"}, {"state_dir"}, {"model"}};

constexpr KnownKey kModelSettings[] = {
    {"address"}, {"name"}, {"key_variable"}, {"remote"}, {"timeout"}};

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
    case KeyScope::settings:
      return kSettings;
    case KeyScope::model_settings:
      return kModelSettings;
  }
  return {};
}

}  // namespace headway
