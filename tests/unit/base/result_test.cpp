// Result and the spelling of error codes.
#include "headway/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace headway {
namespace {

TEST(Result, holds_a_value) {
  const Result<int> result = 7;
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(*result, 7);
  EXPECT_THROW(static_cast<void>(result.error()), std::bad_variant_access);
}

TEST(Result, holds_an_error) {
  const Result<int> result = Error{ErrorCode::not_found, "find x", "make x"};
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_EQ(result.error().next_step, "make x");
  EXPECT_THROW(static_cast<void>(*result), std::bad_variant_access);
}

TEST(Result, moves_a_value_out) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 3);
}

TEST(Result, value_or_gives_the_fallback_only_on_error) {
  EXPECT_EQ(Result<int>(1).value_or(9), 1);
  EXPECT_EQ(Result<int>(Error{}).value_or(9), 9);
}

TEST(Result, of_nothing_is_success_by_default) {
  EXPECT_TRUE(Result<void>());
  EXPECT_FALSE(Result<void>(Error{ErrorCode::io, "write"}));
}

TEST(ErrorCode, is_spelled_as_in_the_source) {
  EXPECT_EQ(to_string(ErrorCode::invalid_argument), "invalid_argument");
  EXPECT_EQ(to_string(ErrorCode::not_found), "not_found");
  EXPECT_EQ(to_string(ErrorCode::io), "io");
  EXPECT_EQ(to_string(ErrorCode::parse), "parse");
  EXPECT_EQ(to_string(ErrorCode::conflict), "conflict");
  EXPECT_EQ(to_string(ErrorCode::unsupported), "unsupported");
  EXPECT_EQ(to_string(ErrorCode::timeout), "timeout");
  EXPECT_EQ(to_string(ErrorCode::internal), "internal");
}

}  // namespace
}  // namespace headway
