// One attempt of a callable: whatever it throws becomes data. Knows nothing of threads or stages.
#pragma once

#include "execution/attempt_end.hpp"

#include <any>
#include <exception>
#include <functional>

namespace headway {

// The end of an attempt that threw: type, text and the exception itself. An exception's text has
// those nested in it after "; caused by ".
AttemptEnd end_of_exception(std::exception_ptr exception);

// Calls it on this thread; never throws.
AttemptEnd run_callable(const std::function<std::any()>& callable) noexcept;

}  // namespace headway
