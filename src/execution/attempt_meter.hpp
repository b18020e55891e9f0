// AttemptMeter: what an attempt takes and has taken: CPU time, memory, kills for want of it. Knows
// no limit; decides nothing.
#pragma once

#include "execution/backend.hpp"
#include "execution/process_attempt.hpp"

#include <sys/resource.h>

#include <cstdint>

namespace headway {

// Three sources, by what is there: the attempt's control group, samples of its tree, wait4(2). Not
// synchronised.
class AttemptMeter {
 public:
  // Of a running attempt: what it takes now, and the most so far.
  static void sample(ProcessAttempt& attempt);
  // Of one that has ended: fills `cpu`, `peak_memory_*` and `oom_kills`. `waited` is what wait4(2)
  // told of it, zero where it was not had.
  void measure(const ProcessAttempt& attempt, const rusage& waited, Exit& exit);

 private:
  std::int64_t own_peak_bytes_ = 0;  // of this process, at least
};

}  // namespace headway
