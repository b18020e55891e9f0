// SignalEcho: tells a new signal from the same one heard again. Pure: it is told the time.
#pragma once

#include "base/clock.hpp"

#include <sys/types.h>

#include <map>

namespace headway {

// One signal as it came.
struct SignalArrival {
  int signal = 0;
  pid_t sender = 0;  // 0: the kernel (a key at the terminal)
  bool from_watcher = false;
  Nanos at{};  // monotonic
};

// A second Ctrl-C means "kill at once", so one request must count once, also where it arrives
// several times: `kill` of a whole group reaches the worker directly and through its watcher;
// timeout(1) signals its child and then the group. Not synchronised.
class SignalEcho {
 public:
  // False: the same request as the last one of that signal. So it is where both came within 200 ms
  // and either this one came through the watcher or the two have different senders.
  bool is_new(const SignalArrival& arrival);

 private:
  std::map<int, SignalArrival> last_;
};

}  // namespace headway
