// FakeClock: a clock that a test moves by hand. Knows nothing of real time.
#pragma once

#include "base/clock.hpp"

#include <atomic>
#include <cstdint>

namespace headway {

// Starts at 2026-01-01T00:00:00Z, monotonic 0. advance() moves both clocks, step_wall() the civil
// one alone (a clock step). Safe from any thread.
class FakeClock final : public Clock {
 public:
  WallTime wall() const override {
    return WallTime(std::chrono::duration_cast<WallTime::duration>(Nanos(wall_.load())));
  }
  Nanos monotonic() const override { return Nanos(monotonic_.load()); }

  void advance(Nanos span) {
    wall_ += span.count();
    monotonic_ += span.count();
  }
  void step_wall(Nanos span) { wall_ += span.count(); }
  void set_wall(WallTime time) {
    wall_ = std::chrono::duration_cast<Nanos>(time.time_since_epoch()).count();
  }

 private:
  std::atomic<std::int64_t> wall_{1'767'225'600'000'000'000};
  std::atomic<std::int64_t> monotonic_{0};
};

}  // namespace headway
