// SizeEffect: how the tasks of one kind take longer where they have more to do, learned from
// earlier runs. Pure; knows nothing of the run that is planned.
#pragma once

#include "timing/earlier_runs.hpp"

#include <cstddef>
#include <vector>

namespace headway {

// What says how much a task has to do.
enum class SizeMeasure { none, fan_in, input_bytes };

// log seconds grow by slope times (log size - centre). Beyond the sizes that were seen the line is
// followed only a little way.
struct SizeEffect {
  SizeMeasure measure = SizeMeasure::none;
  double slope = 0;
  double centre = 0;
  double low = 0;  // where the line ends
  double high = 0;

  // Of a task of that log size; 0 where the size is not known (0 bytes).
  double of(double fan_in, double bytes) const noexcept;
};

// By kind. The slope is that of a ridge regression over the runs' means (Hoerl and Kennard 1970)
// around what merging and reading usually cost; which measure tells the level of a run best is
// found by leaving each run out (where there are four and more; with fewer: the fan-in).
std::vector<SizeEffect> learn_size_effects(const EarlierRuns& past);

}  // namespace headway
