// Gathers DoctorFacts from the machine: every part beside the others and none of them waited for
// beyond a deadline. Judges nothing.
#pragma once

#include "base/clock.hpp"
#include "diagnostics/doctor_facts.hpp"
#include "record/run_folder.hpp"

#include <string>
#include <utility>
#include <vector>

namespace headway {

// Where to look and for how long.
struct DoctorProbe {
  WorkflowNeeds needs;
  std::string workspace;  // absolute: the workflow file's folder, or where there is none
  StateFolder state;
  std::vector<HookFacts> hooks;  // to look at; their commands are not run
  std::vector<std::pair<std::string, std::string>> environment;  // of this process
  std::vector<std::string> other_tools;                          // looked at for a report alone
  std::string sysroot;                                           // of /proc, /sys and /etc
  Nanos patience = std::chrono::milliseconds(600);               // all of it takes no longer
};

// Starts only programs that are known to tell their version, outside of the workspace; writes
// nothing but the cache of versions in a state folder that is there. No network.
DoctorFacts gather_doctor_facts(const DoctorProbe& probe);

// The cache of versions in a state folder.
std::string version_cache_path(const StateFolder& state);

}  // namespace headway
