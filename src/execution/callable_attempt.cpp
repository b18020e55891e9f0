// See callable_attempt.hpp.
#include "execution/callable_attempt.hpp"

#include "logging/exception_chain.hpp"

#include <string_view>
#include <utility>

namespace headway {
namespace {

constexpr std::string_view kCausedBy = "; caused by ";

}  // namespace

// The links after the first with their types: "cannot load; caused by std::out_of_range: at".
AttemptEnd end_of_exception(std::exception_ptr exception) {
  AttemptEnd end;
  bool is_first = true;
  for (const ExceptionLink& link : exception_chain(exception)) {
    if (is_first) {
      end.error_type = link.type;
    } else {
      end.error.append(kCausedBy).append(link.type).append(link.message.empty() ? "" : ": ");
    }
    end.error += link.message;
    is_first = false;
  }
  end.exception = std::move(exception);
  return end;
}

AttemptEnd run_callable(const std::function<std::any()>& callable) noexcept {
  try {
    AttemptEnd end;
    end.value = callable();
    end.succeeded = true;
    return end;
  } catch (...) {
    return end_of_exception(std::current_exception());
  }
}

}  // namespace headway
