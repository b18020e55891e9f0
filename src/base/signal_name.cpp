// See signal_name.hpp.
#include "base/signal_name.hpp"

#include <string.h>

namespace headway {

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name == nullptr ? "signal " + std::to_string(signal) : std::string("SIG") + name;
}

}  // namespace headway
