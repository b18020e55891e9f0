// The lock of a run's folder, for who works on a run that has ended. Knows nothing of what is in
// it.
#pragma once

#include "base/unique_fd.hpp"
#include "headway/result.hpp"

#include <string>

namespace headway {

// Takes the lock, as try_lock_file() does; a reader, who holds it shared for some microseconds to
// see whether the run is alive, is waited for, at most some 40 ms. Error conflict: it is alive.
Result<UniqueFd> lock_past_readers(const std::string& path);

}  // namespace headway
