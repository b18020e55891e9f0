// Naming the thing: what a rule's hint adds to what its pattern captured. Looks at this machine
// (PATH, /proc, the files themselves); changes nothing.
#pragma once

#include "diagnostics/rule_set.hpp"
#include "diagnostics/rule_template.hpp"

#include <string>

namespace headway {

// Where it looks. Empty texts: nowhere.
struct NamingPlaces {
  std::string path;             // folders of programs, as in PATH
  std::string proc = "/proc";   // for who holds a port
  std::string directory = ".";  // what relative paths are relative to

  // PATH and the working directory of this process.
  static NamingPlaces here();
};

// The captures and what the rule's hint adds. What cannot be found out is left out: a command that
// is in no table, a port that is free again, a file that is gone.
NamedTexts named_texts(const RuleHit& hit, const NamingPlaces& places);

}  // namespace headway
