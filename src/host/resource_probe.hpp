// ResourceProbe: the seam through which a run asks how its machine is doing. Knows nothing of
// workflows, nor of what is decided.
#pragma once

#include "host/resource_sample.hpp"

namespace headway {

// Implementations: SystemProbe (the real one), FakeProbe (tests). Not synchronised.
class ResourceProbe {
 public:
  virtual ~ResourceProbe() = default;
  // Never fails: what cannot be read is empty. Cheap enough for twice a second.
  virtual ResourceSample sample() = 0;
};

}  // namespace headway
