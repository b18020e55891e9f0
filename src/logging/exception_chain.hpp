// What an exception says: type, message, and those nested in it. Knows nothing of records' formats.
#pragma once

#include "logging/log_record.hpp"

#include <exception>
#include <vector>

namespace headway {

// The exception and those nested in it (std::nested_exception), the outermost first, at most 16.
// Types are spelled as in the source. Empty where `exception` is null.
std::vector<ExceptionLink> exception_chain(std::exception_ptr exception);

}  // namespace headway
