// One attempt of a callable: whatever it throws becomes data. Knows nothing of threads or stages.
#pragma once

#include "execution/attempt_end.hpp"

#include <any>
#include <functional>

namespace headway {

// Calls it on this thread; never throws. An exception's text has those nested in it after
// "; caused by ".
AttemptEnd run_callable(const std::function<std::any()>& callable) noexcept;

}  // namespace headway
