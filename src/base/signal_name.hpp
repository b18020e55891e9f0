// The name of a signal, the same wherever it is told. Knows nothing of who was ended by it.
#pragma once

#include <string>

namespace headway {

// "SIGKILL"; "signal 34" where it has no name (real-time signals, damaged records). Safe from any
// thread.
std::string signal_name(int signal);

}  // namespace headway
