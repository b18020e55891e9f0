// See clock.hpp.
#include "base/clock.hpp"

namespace headway {

WallTime SystemClock::wall() const {
  return std::chrono::system_clock::now();
}

Nanos SystemClock::monotonic() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace headway
