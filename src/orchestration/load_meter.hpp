// LoadMeter: what two looks at the machine say together: rates and shares out of totals that grow.
// Knows neither slots nor stages; WorkerPolicy decides.
#pragma once

#include "base/clock.hpp"
#include "host/resource_sample.hpp"
#include "scheduling/worker_policy.hpp"

#include <optional>

namespace headway {

// Fed with every sample, in order. Stalls are those of the own control group where it tells them
// (another group's trouble is none of ours), else the machine's. Not synchronised.
class LoadMeter {
 public:
  // `now`: when the sample was taken, later than the one before. The first has no rates.
  MachineLoad read(Nanos now, const ResourceSample& sample);

 private:
  std::optional<double> idle_cpus(double seconds, const ResourceSample& sample) const;
  void follow_stall(Nanos now, const ResourceSample& sample);

  std::optional<ResourceSample> before_;
  Nanos before_at_{};
  std::optional<Nanos> stalled_;  // the total when it last moved
  Nanos stalled_at_{};
  std::optional<double> stall_;
};

}  // namespace headway
