// Unwrapping of exceptions by throwing them again. Knows nothing of records' formats.
#include "logging/exception_chain.hpp"

#include <cxxabi.h>
#include <stdlib.h>

#include <memory>
#include <typeinfo>

namespace headway {
namespace {

constexpr std::size_t kMaxLinks = 16;

std::string spelled(const std::type_info* type) {
  if (type == nullptr) {
    return "unknown";
  }
  int status = 0;
  const std::unique_ptr<char, decltype(&free)> name(
      abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), &free);
  return status == 0 ? name.get() : type->name();
}

std::exception_ptr nested_in(const std::exception& error) {
  const auto* nested = dynamic_cast<const std::nested_exception*>(&error);
  return nested != nullptr ? nested->nested_ptr() : nullptr;
}

// The type that was thrown. std::throw_with_nested throws a type of its own around it.
std::string thrown_type(const std::exception& error) {
  std::string name = spelled(&typeid(error));
  constexpr std::string_view kWrapper = "std::_Nested_exception<";
  if (name.starts_with(kWrapper) && name.ends_with('>')) {
    name = name.substr(kWrapper.size(), name.size() - kWrapper.size() - 1);
  }
  return name;
}

// Describes one exception; what is nested in it comes back in `next`.
ExceptionLink describe(const std::exception_ptr& exception, std::exception_ptr& next) {
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& error) {
    next = nested_in(error);
    return {thrown_type(error), error.what()};
  } catch (const std::string& text) {
    return {"std::string", text};
  } catch (const char* text) {
    return {"const char*", text};
  } catch (...) {
    return {spelled(abi::__cxa_current_exception_type()), ""};
  }
}

}  // namespace

std::vector<ExceptionLink> exception_chain(std::exception_ptr exception) {
  std::vector<ExceptionLink> chain;
  while (exception != nullptr && chain.size() < kMaxLinks) {
    std::exception_ptr next;
    chain.push_back(describe(exception, next));
    exception = next;
  }
  return chain;
}

}  // namespace headway
