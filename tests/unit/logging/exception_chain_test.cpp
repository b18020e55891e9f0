// What an exception says.
#include "logging/exception_chain.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

namespace headway {

// Outside the unnamed namespace: its name is part of the test.
struct DiskFull : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace {

std::exception_ptr thrown_by(const std::function<void()>& action) {
  try {
    action();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

TEST(ExceptionChain, nothing_gives_nothing) {
  EXPECT_TRUE(exception_chain(nullptr).empty());
}

TEST(ExceptionChain, type_is_spelled_as_in_the_source) {
  const auto chain = exception_chain(thrown_by([] { throw DiskFull("no space"); }));
  ASSERT_EQ(chain.size(), 1U);
  EXPECT_EQ(chain[0].type, "headway::DiskFull");
  EXPECT_EQ(chain[0].message, "no space");
}

TEST(ExceptionChain, nested_exceptions_follow_from_the_outermost_in) {
  const auto chain = exception_chain(thrown_by([] {
    try {
      try {
        throw DiskFull("no space");
      } catch (...) {
        std::throw_with_nested(std::runtime_error("cannot save"));
      }
    } catch (...) {
      std::throw_with_nested(std::logic_error("stage failed"));
    }
  }));
  ASSERT_EQ(chain.size(), 3U);
  EXPECT_EQ(chain[0].type, "std::logic_error");
  EXPECT_EQ(chain[0].message, "stage failed");
  EXPECT_EQ(chain[1].type, "std::runtime_error");
  EXPECT_EQ(chain[2].type, "headway::DiskFull");
}

TEST(ExceptionChain, what_is_no_exception_type_is_described_as_well) {
  EXPECT_EQ(exception_chain(thrown_by([] { throw std::string("text"); }))[0].message, "text");
  EXPECT_EQ(exception_chain(thrown_by([] { throw "words"; }))[0].message, "words");
  EXPECT_EQ(exception_chain(thrown_by([] { throw 7; }))[0].type, "int");
}

TEST(ExceptionChain, an_endless_chain_is_cut) {
  std::exception_ptr error = thrown_by([] { throw DiskFull("innermost"); });
  for (int i = 0; i < 50; ++i) {
    error = thrown_by([&] {
      try {
        std::rethrow_exception(error);
      } catch (...) {
        std::throw_with_nested(std::runtime_error("outer"));
      }
    });
  }
  EXPECT_EQ(exception_chain(error).size(), 16U);
}

}  // namespace
}  // namespace headway
