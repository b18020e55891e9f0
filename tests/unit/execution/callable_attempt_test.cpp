// Whatever a callable throws becomes data.
#include "execution/callable_attempt.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace headway {
namespace {

struct Odd {};

TEST(CallableAttempt, value_is_kept) {
  const AttemptEnd end = run_callable([] { return std::any(std::string("x")); });
  EXPECT_TRUE(end.succeeded);
  EXPECT_EQ(std::any_cast<std::string>(end.value), "x");
  EXPECT_EQ(end.exception, nullptr);
  EXPECT_EQ(end.error_type, "");
}

TEST(CallableAttempt, exception_is_kept_with_its_type_and_text) {
  const AttemptEnd end = run_callable([]() -> std::any { throw std::out_of_range("index 7"); });
  EXPECT_FALSE(end.succeeded);
  EXPECT_EQ(end.error_type, "std::out_of_range");
  EXPECT_EQ(end.error, "index 7");
  EXPECT_THROW(std::rethrow_exception(end.exception), std::out_of_range);
}

TEST(CallableAttempt, nested_exceptions_are_a_chain) {
  const AttemptEnd end = run_callable([]() -> std::any {
    try {
      throw std::out_of_range("key 'x'");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("cannot load"));
    }
  });
  EXPECT_EQ(end.error_type, "std::runtime_error");
  EXPECT_EQ(end.error, "cannot load; caused by std::out_of_range: key 'x'");
}

TEST(CallableAttempt, what_is_no_std_exception_has_its_type) {
  EXPECT_EQ(run_callable([]() -> std::any { throw 42; }).error_type, "int");
  EXPECT_EQ(run_callable([]() -> std::any { throw Odd{}; }).error_type,
            "headway::(anonymous namespace)::Odd");
  const AttemptEnd text = run_callable([]() -> std::any { throw "plain words"; });
  EXPECT_EQ(text.error, "plain words");
}

TEST(CallableAttempt, empty_function_is_an_exception_like_any_other) {
  EXPECT_EQ(run_callable({}).error_type, "std::bad_function_call");
}

}  // namespace
}  // namespace headway
