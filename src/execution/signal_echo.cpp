// See signal_echo.hpp.
#include "execution/signal_echo.hpp"

namespace headway {
namespace {

constexpr Nanos kEcho = std::chrono::milliseconds(200);

}  // namespace

bool SignalEcho::is_new(const SignalArrival& arrival) {
  const auto last = last_.find(arrival.signal);
  if (last != last_.end() && arrival.at - last->second.at < kEcho &&
      (arrival.from_watcher || arrival.sender != last->second.sender)) {
    return false;
  }
  last_.insert_or_assign(arrival.signal, arrival);
  return true;
}

}  // namespace headway
