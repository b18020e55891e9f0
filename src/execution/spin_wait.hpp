// SpinWait: how a worker waits for some microseconds before it sleeps. Nothing else.
#pragma once

#include "execution/tick_clock.hpp"

#include <thread>

namespace headway {

// One wait, from its construction. Every few steps it lets other threads have the processor.
class SpinWait {
 public:
  explicit SpinWait(Ticks limit) : end_(read_ticks() + limit) {}

  // Passes a little time; false when the limit is over.
  bool step() {
    for (int i = 0; i < 8; ++i) {
#if defined(__x86_64__)
      _mm_pause();
#endif
    }
    if (++steps_ % 16 == 0) {
      std::this_thread::yield();
    }
    return read_ticks() < end_;
  }

 private:
  Ticks end_;
  unsigned steps_ = 0;
};

}  // namespace headway
